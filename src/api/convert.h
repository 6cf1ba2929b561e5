// Arrays of the public API and tensors of the library: the same bytes.
#pragma once

#include <span>
#include <vector>

#include "cornu/tensor.h"
#include "tensor/tensor.h"

namespace cornu {

inline Array to_array(const Tensor& tensor) {
  return {tensor.dtype, std::vector<int64_t>(tensor.shape.begin(), tensor.shape.end()), tensor.data,
          tensor.owner};
}

inline Tensor to_tensor(const Array& array) {
  return {array.dtype, Shape(array.shape), array.data, array.owner, false};
}

inline std::vector<Tensor> to_tensors(std::span<const Array> arrays) {
  std::vector<Tensor> tensors;
  for (const Array& array : arrays) tensors.push_back(to_tensor(array));
  return tensors;
}

}  // namespace cornu
