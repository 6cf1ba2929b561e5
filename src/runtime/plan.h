// Plan: a graph made ready for concrete input shapes: a kernel per node and a place in memory per value.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "devices/device.h"
#include "ir/graph.h"

namespace cornu::runtime {

struct Plan;

// Where a value's bytes are during a run.
struct Place {
  enum class Kind { none, constant, input, output, arena };
  Kind kind = Kind::none;
  int64_t index = 0;                // input, output: which; arena: byte offset
  const std::byte* data = nullptr;  // constant
};

struct Step {
  int32_t node = 0;  // of the graph
  KernelFn run;
  std::vector<Place> in;
  std::vector<Place> out;
  int64_t scratch_offset = 0;  // in the arena
  std::string kernel;
  std::vector<std::string> refusals;
  // The plans of its micro-batches, where a step stands for a segment (runtime/segments.h): `node` is the first of them.
  std::vector<std::shared_ptr<const Plan>> bodies;
};

// Immutable; shared by all sessions of a model.
struct Plan {
  std::vector<TensorType> inputs;
  std::vector<TensorType> outputs;
  std::vector<Step> steps;
  // Outputs that no step writes: a constant or an input passed through, copied at the end.
  struct Copy {
    int64_t output;
    Place from;
    int64_t size_bytes;
  };
  std::vector<Copy> copies;
  std::vector<Tensor> constants;  // made while planning; kept alive
  int64_t arena_bytes = 0;
};

// Throws bad_shape (where: layer) when the shapes do not go through the graph, unsupported when an op's
// result has a size that depends on data.
std::shared_ptr<const Plan> make_plan(const ir::Graph& graph, std::span<const TensorType> inputs,
                                      const devices::DeviceDef& device, int threads, bool fast_kernels);

// Where a place is in a run; null for none.
std::byte* address_of(const Place& place, std::span<const std::byte* const> inputs,
                      std::span<std::byte* const> outputs, std::byte* arena);

// Told of each step that was run, and how long it took.
using StepObserver = std::function<void(const Step& step, double milliseconds)>;

// Runs the steps once. `arena`: arena_bytes, 64-byte aligned. Does not throw.
void run_plan(const Plan& plan, std::span<const std::byte* const> inputs, std::span<std::byte* const> outputs,
              std::byte* arena, ThreadPool& pool, const StepObserver* observer = nullptr);

}  // namespace cornu::runtime
