// Runs one kernel on arrays whose inputs start at a chosen byte offset and end where their allocation ends,
// so that reads of a neighbour are caught by sanitizers.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/kernel.h"
#include "base/overwriting_kernel.h"
#include "base/thread_pool.h"
#include "kernels/simd_targets.h"
// After simd_targets.h.
#include <hwy/highway.h>

namespace cornu::kernels {

struct Array {
  Shape shape;
  std::vector<float> values;

  static Array random(Shape shape, std::mt19937& generator, float lo = -1, float hi = 1) {
    std::uniform_real_distribution<float> uniform(lo, hi);
    Array array{shape, std::vector<float>(static_cast<size_t>(shape.elements()))};
    for (float& value : array.values) value = uniform(generator);
    return array;
  }
};

// The instruction sets of this machine that kernels are compiled for, the best first.
inline std::vector<int64_t> kernel_targets() {
  std::vector<int64_t> targets;
  for (int bit = 0; bit < 63; bit++) {
    const int64_t target = int64_t{1} << bit;
    if ((hwy::SupportedTargets() & HWY_TARGETS & target) != 0) targets.push_back(target);
  }
  return targets;
}

// Uses one instruction set until the end of the scope.
class ForcedTarget {
 public:
  explicit ForcedTarget(int64_t target) { hwy::SetSupportedTargetsForTest(target); }
  ~ForcedTarget() { hwy::SetSupportedTargetsForTest(0); }
  ForcedTarget(const ForcedTarget&) = delete;
  ForcedTarget& operator=(const ForcedTarget&) = delete;
};

struct Placement {
  int threads = 1;
  int64_t offset_bytes = 0;  // of every input from an aligned address
};

// The output of the kernel; a refusal fails the test and answers nothing. A kernel that says it overwrites an input runs
// once more, with that input where the output is, and must give the same bits.
inline std::vector<float> run_kernel(const KernelDef& kernel, const std::vector<Array>& inputs,
                                     const Shape& out, const Attrs& attrs, Placement placement = {}) {
  std::vector<TensorType> in_types;
  std::vector<std::unique_ptr<std::byte[]>> buffers;
  std::vector<const std::byte*> pointers;
  for (const Array& input : inputs) {
    const size_t bytes = input.values.size() * sizeof(float);
    const auto offset = static_cast<size_t>(placement.offset_bytes);
    in_types.push_back({DType::float32, input.shape});
    buffers.push_back(std::make_unique<std::byte[]>(bytes + offset));
    std::memcpy(buffers.back().get() + offset, input.values.data(), bytes);
    pointers.push_back(buffers.back().get() + offset);
  }
  const std::vector<TensorType> out_types = {{DType::float32, out}};
  const std::vector<const std::byte*> constants(inputs.size(), nullptr);
  const PreparedKernel prepared = kernel.prepare({in_types, out_types, attrs, constants, placement.threads});
  if (!prepared.run) {
    ADD_FAILURE() << kernel.name << " refused: " << prepared.refusal;
    return {};
  }
  const auto aligned = [](int64_t bytes) {
    const auto rounded = static_cast<size_t>((bytes + 63) / 64 * 64);
    return std::unique_ptr<std::byte[], decltype(&std::free)>(
        static_cast<std::byte*>(std::aligned_alloc(64, rounded == 0 ? 64 : rounded)), std::free);
  };
  const auto result = aligned(out.elements() * 4);
  const auto scratch = aligned(prepared.scratch_bytes);
  std::memset(result.get(), 0xff, static_cast<size_t>(out.elements() * 4));  // NaN where nothing is written
  if (prepared.scratch_bytes > 0)
    std::memset(scratch.get(), 0xff, static_cast<size_t>(prepared.scratch_bytes));
  std::byte* outputs[] = {result.get()};
  ThreadPool pool(placement.threads);
  prepared.run({pointers.data(), outputs, scratch.get(), pool});
  std::vector<float> values(static_cast<size_t>(out.elements()));
  std::memcpy(values.data(), result.get(), values.size() * sizeof(float));
  if (overwritten_input(prepared.run) >= 0) {
    const auto input = static_cast<size_t>(overwritten_input(prepared.run));
    std::memcpy(result.get(), inputs[input].values.data(), values.size() * sizeof(float));
    pointers[input] = result.get();
    prepared.run({pointers.data(), outputs, scratch.get(), pool});
    EXPECT_EQ(std::memcmp(values.data(), result.get(), values.size() * sizeof(float)), 0)
        << kernel.name << " writes to input " << input << " before it has read it";
  }
  return values;
}

// The first value that differs by more than `tolerance` of the largest magnitude (at least 1); empty if none
// does.
inline std::string first_difference(const std::vector<float>& actual, const std::vector<double>& expected,
                                    double tolerance) {
  if (actual.size() != expected.size()) return "the sizes differ";
  double largest = 1;
  for (double value : expected) largest = std::max(largest, std::abs(value));
  for (size_t i = 0; i < actual.size(); i++) {
    if (!(std::abs(actual[i] - expected[i]) <= tolerance * largest)) {
      return "element " + std::to_string(i) + " is " + std::to_string(actual[i]) + ", expected " +
             std::to_string(expected[i]);
    }
  }
  return "";
}

// The refusal of a site; empty if the kernel takes it.
inline std::string refusal_of(const KernelDef& kernel, const std::vector<TensorType>& in,
                              const TensorType& out, const Attrs& attrs) {
  const std::vector<TensorType> outs = {out};
  const std::vector<const std::byte*> constants(in.size(), nullptr);
  return kernel.prepare({in, outs, attrs, constants, 1}).refusal;
}

}  // namespace cornu::kernels
