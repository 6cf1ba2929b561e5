#include "tensor/variant.h"

namespace cornu {

Tensor variant_tensor(std::vector<VariantPtr> values, const Shape& shape) {
  auto owner = std::make_shared<const std::vector<VariantPtr>>(std::move(values));
  const auto* data = reinterpret_cast<const std::byte*>(owner->data());
  return {kVariant, shape, data, std::move(owner), false};
}

}  // namespace cornu
