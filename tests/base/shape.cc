#include "base/shape.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/expect_error.h"

namespace cornu {
namespace {

constexpr int64_t kUnknown = Shape::kUnknown;

TEST(Shape, a_default_shape_is_a_scalar) {
  EXPECT_EQ(Shape().rank(), 0);
  EXPECT_EQ(Shape().elements(), 1);
  EXPECT_EQ(Shape().to_string(), "()");
}

TEST(Shape, prints_as_keras_does) {
  EXPECT_EQ((Shape{kUnknown, 3, 3}).to_string(), "(None, 3, 3)");
  EXPECT_EQ(Shape{5}.to_string(), "(5,)");
}

TEST(Shape, counts_elements_of_all_and_of_some_axes) {
  const Shape shape = {2, 3, 5};
  EXPECT_EQ(shape.elements(), 30);
  EXPECT_EQ(shape.elements(1, 3), 15);
  EXPECT_EQ(shape.elements(1, 1), 1);
  EXPECT_EQ((Shape{2, kUnknown}).elements(), kUnknown);
  EXPECT_EQ((Shape{0, 7}).elements(), 0);
}

TEST(Shape, more_elements_than_64_bits_count_are_bad_shape) {
  test::expect_error(
      ErrorCode::bad_shape,
      [] {
        (Shape{int64_t{1} << 32, int64_t{1} << 31}).elements();
      },
      "64 bits");
}

TEST(Shape, more_than_ten_axes_are_bad_shape) {
  const std::vector<int64_t> dims(11, 1);
  test::expect_error(
      ErrorCode::bad_shape, [&] { Shape shape{std::span<const int64_t>(dims)}; }, "10 axes");
  Shape full{std::span<const int64_t>(dims).first(10)};
  test::expect_error(ErrorCode::bad_shape, [&] { full.push_back(1); });
}

TEST(Shape, is_compared_by_rank_and_sizes) {
  EXPECT_EQ((Shape{2, 3}), (Shape{2, 3}));
  EXPECT_NE((Shape{2, 3}), (Shape{3, 2}));
  EXPECT_NE((Shape{2}), (Shape{2, 1}));
  EXPECT_EQ((Shape{kUnknown, 3}).with(0, 8), (Shape{8, 3}));
}

TEST(Shape, knows_whether_it_is_known) {
  EXPECT_TRUE((Shape{2, 3}).is_known());
  EXPECT_FALSE((Shape{2, kUnknown}).is_known());
}

TEST(NormalizeAxis, counts_from_either_end) {
  EXPECT_EQ(normalize_axis(0, 3), 0);
  EXPECT_EQ(normalize_axis(-1, 3), 2);
  EXPECT_EQ(normalize_axis(-3, 3), 0);
}

TEST(NormalizeAxis, out_of_range_is_bad_shape_with_the_arguments_name) {
  test::expect_error(
      ErrorCode::bad_shape, [] { normalize_axis(3, 3, "the axis of Concatenate"); },
      "the axis of Concatenate is 3");
  test::expect_error(ErrorCode::bad_shape, [] { normalize_axis(-4, 3); });
  test::expect_error(ErrorCode::bad_shape, [] { normalize_axis(0, 0); });
}

TEST(BroadcastShapes, follows_numpy) {
  EXPECT_EQ(broadcast_shapes({2, 3}, {2, 3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes({5, 1, 3}, {4, 1}), (Shape{5, 4, 3}));
  EXPECT_EQ(broadcast_shapes({}, {7}), Shape{7});
  EXPECT_EQ(broadcast_shapes({0, 3}, {1, 3}), (Shape{0, 3}));
}

TEST(BroadcastShapes, an_unknown_size_gives_way_to_a_known_one) {
  EXPECT_EQ(broadcast_shapes({kUnknown, 3}, {8, 3}), (Shape{8, 3}));
  EXPECT_EQ(broadcast_shapes({kUnknown}, {1}), Shape{kUnknown});
  EXPECT_EQ(broadcast_shapes({1}, {kUnknown}), Shape{kUnknown});
}

TEST(BroadcastShapes, sizes_that_do_not_fit_are_bad_shape_with_both) {
  test::expect_error(
      ErrorCode::bad_shape,
      [] {
        broadcast_shapes({2, 3}, {2, 4});
      },
      "(2, 3) and (2, 4)");
}

}  // namespace
}  // namespace cornu
