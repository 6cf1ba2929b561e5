#include "tensor/variant.h"

#include <gtest/gtest.h>

namespace cornu {
namespace {

struct Thing final : VariantObject {
  int number = 0;
};

TEST(variant_tensor, holds_objects_as_long_as_it_lives) {
  auto thing = std::make_shared<Thing>();
  thing->number = 7;
  const std::weak_ptr<Thing> watched = thing;
  {
    const Tensor tensor = variant_tensor({std::move(thing)});
    const Tensor copy = tensor;
    EXPECT_EQ(tensor.dtype, kVariant);
    EXPECT_EQ(dtype_name(kVariant), "variant");
    EXPECT_EQ(static_cast<const Thing&>(*variants_of(copy)[0]).number, 7);
  }
  EXPECT_TRUE(watched.expired());
}

TEST(strings_of, views_the_elements) {
  const Tensor tensor = string_tensor({"a", "bc"}, {2});
  EXPECT_EQ(strings_of(tensor)[1], "bc");
}

}  // namespace
}  // namespace cornu
