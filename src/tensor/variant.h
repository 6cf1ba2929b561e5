// Tensors of objects: strings, and what only a running graph knows, such as lists of tensors.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace cornu {

// The type of tensors of runtime objects. No model takes or gives one, so it is no type of the public interface.
inline constexpr DType kVariant{16};

// An element of such a tensor. Immutable while shared.
class VariantObject {
 public:
  virtual ~VariantObject() = default;
};
using VariantPtr = std::shared_ptr<const VariantObject>;

Tensor variant_tensor(std::vector<VariantPtr> values, const Shape& shape = {});

// The elements of a string tensor. The view is alive as long as the tensor.
inline std::span<const std::string> strings_of(const Tensor& tensor) {
  return {reinterpret_cast<const std::string*>(tensor.data), static_cast<size_t>(tensor.shape.elements())};
}
// The elements of a variant tensor; the same.
inline std::span<const VariantPtr> variants_of(const Tensor& tensor) {
  return {reinterpret_cast<const VariantPtr*>(tensor.data), static_cast<size_t>(tensor.shape.elements())};
}

}  // namespace cornu
