#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_reduce_sum, reduces_along_axes) {
  check_op({"reduce_sum",
            {{"axes", Ints{1}}},
            {floats({0.5,    0.5, 0.5, -1,    -2,  -1.25, 0.75,   -1.25, -0.5, -2,  1.375, -1.375,
                     -0.875, 1.5, 0.5, 1.375, 0.5, 1,     -1.625, 0.5,   0.5,  1.5, -0.5,  0.375},
                    {2, 3, 4})},
            floats({-2, -2.75, 2.625, -3.625, 0.125, 4, -1.625, 2.25}, {2, 4})});
  check_op({"reduce_sum",
            {{"axes", Ints{0, -1}}, {"keepdims", true}},
            {floats({0.5,    0.5, 0.5, -1,    -2,  -1.25, 0.75,   -1.25, -0.5, -2,  1.375, -1.375,
                     -0.875, 1.5, 0.5, 1.375, 0.5, 1,     -1.625, 0.5,   0.5,  1.5, -0.5,  0.375},
                    {2, 3, 4})},
            floats({3, -3.375, -0.625}, {1, 3, 1})});
  check_op({"reduce_sum",
            {},
            {floats({0.5,    0.5, 0.5, -1,    -2,  -1.25, 0.75,   -1.25, -0.5, -2,  1.375, -1.375,
                     -0.875, 1.5, 0.5, 1.375, 0.5, 1,     -1.625, 0.5,   0.5,  1.5, -0.5,  0.375},
                    {2, 3, 4})},
            floats({-1}, {})});
  check_op({"reduce_sum",
            {{"axes", Ints{}}},
            {floats({0.5,    0.5, 0.5, -1,    -2,  -1.25, 0.75,   -1.25, -0.5, -2,  1.375, -1.375,
                     -0.875, 1.5, 0.5, 1.375, 0.5, 1,     -1.625, 0.5,   0.5,  1.5, -0.5,  0.375},
                    {2, 3, 4})},
            floats({0.5,    0.5, 0.5, -1,    -2,  -1.25, 0.75,   -1.25, -0.5, -2,  1.375, -1.375,
                    -0.875, 1.5, 0.5, 1.375, 0.5, 1,     -1.625, 0.5,   0.5,  1.5, -0.5,  0.375},
                   {2, 3, 4})});
  check_op({"reduce_sum",
            {{"axes", Ints{1, 2}}},
            {floats({0.5,    0.5, 0.5, -1,    -2,  -1.25, 0.75,   -1.25, -0.5, -2,  1.375, -1.375,
                     -0.875, 1.5, 0.5, 1.375, 0.5, 1,     -1.625, 0.5,   0.5,  1.5, -0.5,  0.375},
                    {2, 3, 4})},
            floats({-5.75, 4.75})});
}

TEST(op_reduce_sum, nan_and_infinity_go_through) {
  check_op({"reduce_sum",
            {{"axes", Ints{1}}},
            {floats({1, kNan, 2, kInfinity, 1, 2}, {2, 3})},
            floats({kNan, kInfinity})});
  check_op({"reduce_sum",
            {{"axes", Ints{1}}},
            {floats({kNan, 1, -kInfinity, -kInfinity}, {2, 2})},
            floats({kNan, -kInfinity})});
}

TEST(op_reduce_sum, takes_integers_and_nothing) {
  check_op({"reduce_sum", {{"axes", Ints{0}}}, {ints({1, -2, 3, 4, 5, -6}, {2, 3})}, ints({5, 3, -3})});
  check_op({"reduce_sum", {{"axes", Ints{0}}}, {floats({}, {0, 2})}, floats({0, 0})});
  check_op({"reduce_sum",
            {{"axes", Ints{0}}},
            {ints({200, 100}, {2}, DType::uint8)},
            ints({44}, {}, DType::uint8)});
}

TEST(op_reduce_sum, larger_shapes_agree) {
  check_kernels("reduce_sum", {{"axes", Ints{1, 2}}}, {random_floats({2, 7, 7, 65}, 1, 0.5, 1.5)});
  check_kernels("reduce_sum", {{"axes", Ints{-1}}}, {random_floats({5, 3, 131}, 2, 0.9, 1.1)});
}

TEST(op_reduce_sum, what_does_not_fit_is_refused) {
  expect_rejected("reduce_sum", {{"axes", Ints{2}}}, {f32_of({2, 3})}, "is 2");
  expect_rejected("reduce_sum", {}, {{DType::boolean, {2}}}, "real numbers");
}

TEST(op_reduce_sum, unknown_sizes_stay) {
  EXPECT_EQ(infer_op("reduce_sum", {{"axes", Ints{1}}}, {f32_of({Shape::kUnknown, 3, Shape::kUnknown})}),
            (f32_of({Shape::kUnknown, Shape::kUnknown})));
}

}  // namespace
}  // namespace cornu::test
