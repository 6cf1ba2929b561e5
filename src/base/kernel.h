// The kernel interface: what an op's reference and every fast kernel implement. Needs no graph.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/attrs.h"
#include "base/shape.h"
#include "cornu/dtype.h"

namespace cornu {

class ThreadPool;

struct TensorType {
  DType dtype = DType::float32;
  Shape shape;
  bool operator==(const TensorType&) const = default;
};

// One op at one place of a plan: every shape is known. `constants[i]` is the bytes of input i if they never
// change (a weight, a folded constant), else null. The spans live during prepare() only: copy what run()
// needs.
struct KernelSite {
  std::span<const TensorType> in;
  std::span<const TensorType> out;
  const Attrs& attrs;
  std::span<const std::byte* const> constants;
  int threads = 1;  // of the pool that run() will get
};

// The buffers of one run, contiguous and row-major. Inputs may be misaligned (weights lie in files at any
// byte): read elements with load_at or unaligned vector loads. Outputs and scratch are 64-byte aligned.
struct KernelCall {
  const std::byte* const* in;
  std::byte* const* out;
  std::byte* scratch;
  ThreadPool& pool;
};

using KernelFn = std::function<void(const KernelCall&)>;

// What prepare() answers: a function to run, and the scratch bytes it wants; or no function and why not, one
// clause such as "groups is 4, only 1 is handled".
struct PreparedKernel {
  KernelFn run;
  int64_t scratch_bytes = 0;
  std::string refusal;
};

inline PreparedKernel refuse(std::string why) {
  return {nullptr, 0, std::move(why)};
}

using PrepareKernel = PreparedKernel (*)(const KernelSite& site);

// A fast kernel. Candidates for an op are tried by falling rank; the first that does not refuse serves it;
// the op's reference comes last and never refuses the types it declares.
struct KernelDef {
  std::string_view name;  // bears the file's name
  std::string_view op;
  int rank = 0;
  PrepareKernel prepare = nullptr;
};

// Element i of a possibly misaligned array.
template <class T>
T load_at(const std::byte* base, int64_t i) {
  T value;
  std::memcpy(&value, base + i * static_cast<int64_t>(sizeof(T)), sizeof(T));
  return value;
}

// A read-only array that may be misaligned: p[i] is load_at.
template <class T>
struct UnalignedArray {
  const std::byte* base;
  T operator[](int64_t i) const { return load_at<T>(base, i); }
  UnalignedArray operator+(int64_t offset) const { return {base + offset * static_cast<int64_t>(sizeof(T))}; }
};

}  // namespace cornu
