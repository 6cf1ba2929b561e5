#include <chrono>
#include <cstring>

#include "runtime/plan.h"

namespace cornu::runtime {

std::byte* address_of(const Place& place, std::span<const std::byte* const> inputs,
                      std::span<std::byte* const> outputs, std::byte* arena) {
  switch (place.kind) {
    case Place::Kind::constant:
      return const_cast<std::byte*>(place.data);
    case Place::Kind::input:
      return const_cast<std::byte*>(inputs[static_cast<size_t>(place.index)]);
    case Place::Kind::output:
      return outputs[static_cast<size_t>(place.index)];
    case Place::Kind::arena:
      return arena + place.index;
    case Place::Kind::none:
      break;
  }
  return nullptr;
}

void run_plan(const Plan& plan, std::span<const std::byte* const> inputs, std::span<std::byte* const> outputs,
              std::byte* arena, ThreadPool& pool, const StepObserver* observer) {
  std::vector<const std::byte*> in;
  std::vector<std::byte*> out;
  for (const Step& step : plan.steps) {
    in.clear();
    out.clear();
    for (const Place& place : step.in) in.push_back(address_of(place, inputs, outputs, arena));
    for (const Place& place : step.out) out.push_back(address_of(place, inputs, outputs, arena));
    const KernelCall call = {in.data(), out.data(), arena + step.scratch_offset, pool};
    if (observer == nullptr) {
      step.run(call);
      continue;
    }
    const auto start = std::chrono::steady_clock::now();
    step.run(call);
    (*observer)(step,
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  for (const Plan::Copy& copy : plan.copies) {
    const std::byte* from = address_of(copy.from, inputs, outputs, arena);
    if (copy.size_bytes > 0)
      std::memcpy(outputs[static_cast<size_t>(copy.output)], from, static_cast<size_t>(copy.size_bytes));
  }
}

}  // namespace cornu::runtime
