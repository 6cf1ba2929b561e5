// Tensors of the public API: what a model takes and gives.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cornu/dtype.h"

namespace cornu {

// A dense, contiguous, row-major array. Copying shares the bytes; nothing writes to them once the array is
// made. Strings: `data` points to size() std::string objects.
struct Array {
  DType dtype = DType::float32;
  std::vector<int64_t> shape;
  const std::byte* data = nullptr;
  std::shared_ptr<const void> owner;  // keeps `data` alive; null if the caller does

  // Number of elements.
  int64_t size() const noexcept {
    int64_t count = 1;
    for (int64_t dim : shape) count *= dim;
    return count;
  }
  int64_t size_bytes() const noexcept { return size() * dtype_size(dtype); }

  // A view of memory of the caller, who keeps it alive and unchanged while the array is used.
  template <class T>
  static Array view(DType dtype, std::vector<int64_t> shape, const T* data) {
    return {dtype, std::move(shape), reinterpret_cast<const std::byte*>(data), nullptr};
  }
};

struct NamedArray {
  std::string name;
  Array array;
};

}  // namespace cornu
