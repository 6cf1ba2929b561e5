#include "base/attrs.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"

namespace cornu {
namespace {

Attrs example() {
  return {{"axis", int64_t{-1}},   {"slope", 0.25},
          {"keep", true},          {"padding", std::string("same")},
          {"strides", Ints{2, 3}}, {"scales", Floats{0.5, 1.5}},
          {"to", DType::float16}};
}

TEST(Attrs, each_type_is_read_back) {
  const Attrs attrs = example();
  EXPECT_EQ(attrs.integer("axis"), -1);
  EXPECT_EQ(attrs.number("slope"), 0.25);
  EXPECT_TRUE(attrs.flag("keep"));
  EXPECT_EQ(attrs.text("padding"), "same");
  EXPECT_EQ(attrs.ints("strides"), (Ints{2, 3}));
  EXPECT_EQ(attrs.floats("scales"), (Floats{0.5, 1.5}));
  EXPECT_EQ(attrs.dtype("to"), DType::float16);
}

TEST(Attrs, an_integer_serves_as_a_number) {
  EXPECT_EQ(example().number("axis"), -1.0);
}

TEST(Attrs, fallbacks_stand_in_for_missing_attributes_only) {
  const Attrs attrs = example();
  EXPECT_EQ(attrs.integer("none", 7), 7);
  EXPECT_EQ(attrs.integer("axis", 7), -1);
  EXPECT_EQ(attrs.number("none", 0.5), 0.5);
  EXPECT_FALSE(attrs.flag("none"));
  EXPECT_TRUE(attrs.flag("none", true));
  EXPECT_EQ(attrs.text("none", "valid"), "valid");
  EXPECT_EQ(attrs.ints("none", {1}), Ints{1});
}

TEST(Attrs, a_missing_or_wrongly_typed_attribute_is_internal_and_named) {
  const Attrs attrs = example();
  test::expect_error(
      ErrorCode::internal, [&] { attrs.integer("none"); }, "'none'");
  test::expect_error(
      ErrorCode::internal, [&] { attrs.integer("slope"); }, "'slope'");
  test::expect_error(
      ErrorCode::internal, [&] { attrs.number("padding"); }, "'padding'");
  test::expect_error(
      ErrorCode::internal, [&] { attrs.flag("axis"); }, "'axis'");
  test::expect_error(
      ErrorCode::internal, [&] { attrs.ints("axis"); }, "'axis'");
}

TEST(Attrs, set_replaces_in_place_and_erase_removes) {
  Attrs attrs = example();
  attrs.set("axis", int64_t{2});
  EXPECT_EQ(attrs.items().front().first, "axis");
  EXPECT_EQ(attrs.integer("axis"), 2);
  attrs.erase("axis");
  attrs.erase("none");
  EXPECT_FALSE(attrs.has("axis"));
  EXPECT_EQ(attrs.items().size(), 6U);
}

TEST(Attrs, are_compared_by_value) {
  EXPECT_EQ(example(), example());
  Attrs other = example();
  other.set("slope", 0.5);
  EXPECT_NE(example(), other);
}

}  // namespace
}  // namespace cornu
