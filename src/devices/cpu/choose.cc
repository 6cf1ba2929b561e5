// The CPU: fast kernels by falling rank, then the op's reference. float16 and bfloat16 are computed in
// float32: inputs are widened, the result is rounded once.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/fail.h"
#include "base/half.h"
#include "devices/device.h"
#include "kernels/table.h"

namespace cornu::devices {
namespace {

bool is_half(DType dtype) {
  return dtype == DType::float16 || dtype == DType::bfloat16;
}

Choice choose_plain(const ir::OpDef& op, const KernelSite& site, bool fast) {
  Choice choice;
  if (fast) {
    std::vector<const KernelDef*> candidates;
    for (const KernelDef* kernel : kernels::all_kernels()) {
      if (kernel->op == op.name) candidates.push_back(kernel);
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto* a, const auto* b) { return a->rank > b->rank; });
    for (const KernelDef* kernel : candidates) {
      choice.prepared = kernel->prepare(site);
      if (choice.prepared.run) {
        choice.kernel = kernel->name;
        return choice;
      }
      choice.refusals.push_back(fmt::format("{}: {}", kernel->name, choice.prepared.refusal));
    }
  }
  if (op.reference == nullptr)
    fail(ErrorCode::internal, std::string(op.name), "the op has no reference kernel");
  choice.kernel = "reference";
  choice.prepared = op.reference(site);
  if (!choice.prepared.run) fail(ErrorCode::unsupported, std::string(op.name), "{}", choice.prepared.refusal);
  return choice;
}

constexpr int64_t kAlignment = 64;  // a cache line, and the widest vector

int64_t aligned(int64_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

void widen(const std::byte* from, DType dtype, int64_t count, std::byte* to) {
  for (int64_t i = 0; i < count; ++i) {
    const float value =
        dtype == DType::float16 ? to_float(load_at<Half>(from, i)) : to_float(load_at<BFloat16>(from, i));
    std::memcpy(to + i * static_cast<int64_t>(sizeof(float)), &value, sizeof(float));
  }
}

void narrow(const std::byte* from, DType dtype, int64_t count, std::byte* to) {
  for (int64_t i = 0; i < count; ++i) {
    const auto value = load_at<float>(from, i);
    const uint16_t bits = dtype == DType::float16 ? to_half(value).bits : to_bfloat16(value).bits;
    std::memcpy(to + i * static_cast<int64_t>(sizeof(bits)), &bits, sizeof(bits));
  }
}

// A buffer of the wide kernel: where it lies in scratch, or -1 if it is the caller's own.
struct Wide {
  int64_t offset = -1;
  DType dtype = DType::float32;
  int64_t count = 0;
};

struct WidePlan {
  std::vector<Wide> in;
  std::vector<Wide> out;
  KernelFn run;
  int64_t inner_scratch = 0;
};

std::vector<Wide> place(std::span<const TensorType> types, int64_t& offset) {
  std::vector<Wide> placed;
  for (const TensorType& type : types) {
    Wide wide{-1, type.dtype, type.shape.elements()};
    if (is_half(type.dtype)) {
      wide.offset = offset;
      offset = aligned(offset + wide.count * static_cast<int64_t>(sizeof(float)));
    }
    placed.push_back(wide);
  }
  return placed;
}

void run_wide(const WidePlan& plan, const KernelCall& call) {
  std::vector<const std::byte*> in;
  std::vector<std::byte*> out;
  for (size_t i = 0; i < plan.in.size(); ++i) {
    const Wide& wide = plan.in[i];
    if (wide.offset >= 0) widen(call.in[i], wide.dtype, wide.count, call.scratch + wide.offset);
    in.push_back(wide.offset >= 0 ? call.scratch + wide.offset : call.in[i]);
  }
  for (size_t i = 0; i < plan.out.size(); ++i)
    out.push_back(plan.out[i].offset >= 0 ? call.scratch + plan.out[i].offset : call.out[i]);
  plan.run({in.data(), out.data(), call.scratch + plan.inner_scratch, call.pool});
  for (size_t i = 0; i < plan.out.size(); ++i) {
    const Wide& wide = plan.out[i];
    if (wide.offset >= 0) narrow(call.scratch + wide.offset, wide.dtype, wide.count, call.out[i]);
  }
}

Choice choose_widened(const ir::OpDef& op, const KernelSite& site, bool fast) {
  const auto widened = [](std::span<const TensorType> types) {
    std::vector<TensorType> out(types.begin(), types.end());
    for (TensorType& type : out) type.dtype = is_half(type.dtype) ? DType::float32 : type.dtype;
    return out;
  };
  const std::vector<TensorType> in = widened(site.in);
  const std::vector<TensorType> out = widened(site.out);
  std::vector<const std::byte*> constants(site.constants.begin(), site.constants.end());
  for (size_t i = 0; i < constants.size(); ++i) {
    if (is_half(site.in[i].dtype))
      constants[i] = nullptr;  // its bytes are not the floats that the kernel will see
  }
  Choice choice = choose_plain(op, {in, out, site.attrs, constants, site.threads}, fast);
  auto plan = std::make_shared<WidePlan>();
  int64_t offset = 0;
  plan->in = place(site.in, offset);
  plan->out = place(site.out, offset);
  plan->inner_scratch = offset;
  plan->run = std::move(choice.prepared.run);
  choice.prepared.scratch_bytes += offset;
  choice.prepared.run = [plan](const KernelCall& call) { run_wide(*plan, call); };
  choice.kernel += " in float32";
  return choice;
}

Choice choose(const ir::OpDef& op, const KernelSite& site, bool fast) {
  const auto half = [](const TensorType& type) { return is_half(type.dtype); };
  const bool widen_it = std::any_of(site.in.begin(), site.in.end(), half) ||
                        std::any_of(site.out.begin(), site.out.end(), half);
  return widen_it && !op.alias ? choose_widened(op, site, fast) : choose_plain(op, site, fast);
}

}  // namespace

extern const DeviceDef device_cpu;
const DeviceDef device_cpu = {.name = "cpu", .choose = choose};

}  // namespace cornu::devices
