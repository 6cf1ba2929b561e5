// Tensor: a typed, contiguous, row-major, read-only view of bytes, and a share in their owner.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/shape.h"
#include "cornu/dtype.h"
#include "tensor/storage.h"

namespace cornu {

// A value: copying shares the bytes. `data` may be misaligned (weights lie anywhere in a file). Strings: see
// string_tensor(); `data` then points to std::string objects.
struct Tensor {
  DType dtype = DType::float32;
  Shape shape;
  const std::byte* data = nullptr;
  std::shared_ptr<const void> owner;  // keeps `data` alive; a StoragePtr, or any other owner
  bool in_place = false;              // the bytes are pages of a mapped model file, not a copy

  int64_t size_bytes() const { return shape.elements() * dtype_size(dtype); }
  bool valid() const { return data != nullptr || shape.elements() == 0; }
};

// A tensor over fresh zeroed heap memory, and the pointer to fill it through before it is shared.
struct NewTensor {
  Tensor tensor;
  std::byte* data;
};
NewTensor new_tensor(DType dtype, const Shape& shape);  // numeric types only

// Tensors of a few numbers, for constants and tests.
Tensor tensor_of(std::span<const float> values, const Shape& shape);
Tensor tensor_of_ints(std::span<const int64_t> values, const Shape& shape, DType dtype = DType::int64);
Tensor scalar(double value, DType dtype = DType::float32);
Tensor string_tensor(std::vector<std::string> values, const Shape& shape);

// The elements as double or int64 (any numeric type; copies). For small tensors such as axes and shapes.
std::vector<double> to_doubles(const Tensor& tensor);
std::vector<int64_t> to_ints(const Tensor& tensor);

// A copy with elements of another numeric type, as a C++ conversion through double would give (int64 beyond
// 2^53 is rounded). The tensor itself if it has the type.
Tensor cast_tensor(const Tensor& tensor, DType dtype);

}  // namespace cornu
