#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_reduce_mean, reduces_along_axes) {
  check_op({"reduce_mean",
            {{"axes", Ints{1}}},
            {floats({-1.75, -0.5, -0.75,  -1.375, 1.25,  -0.5,   1.875, 0.375, 0.375, 0.5,   0.75, -1.375,
                     -0.25, -1,   -0.375, -1.625, 1.875, -1.125, 0.625, -0.75, 1.5,   0.625, -1.5, 1.375},
                    {2, 3, 4})},
            floats({-0.041666666666666664, -0.16666666666666666, 0.625, -0.7916666666666666,
                    1.0416666666666667, -0.5, -0.4166666666666667, -0.3333333333333333},
                   {2, 4})});
  check_op({"reduce_mean",
            {{"axes", Ints{0, -1}}, {"keepdims", true}},
            {floats({-1.75, -0.5, -0.75,  -1.375, 1.25,  -0.5,   1.875, 0.375, 0.375, 0.5,   0.75, -1.375,
                     -0.25, -1,   -0.375, -1.625, 1.875, -1.125, 0.625, -0.75, 1.5,   0.625, -1.5, 1.375},
                    {2, 3, 4})},
            floats({-0.953125, 0.453125, 0.28125}, {1, 3, 1})});
  check_op({"reduce_mean",
            {},
            {floats({-1.75, -0.5, -0.75,  -1.375, 1.25,  -0.5,   1.875, 0.375, 0.375, 0.5,   0.75, -1.375,
                     -0.25, -1,   -0.375, -1.625, 1.875, -1.125, 0.625, -0.75, 1.5,   0.625, -1.5, 1.375},
                    {2, 3, 4})},
            floats({-0.07291666666666667}, {})});
  check_op({"reduce_mean",
            {{"axes", Ints{}}},
            {floats({-1.75, -0.5, -0.75,  -1.375, 1.25,  -0.5,   1.875, 0.375, 0.375, 0.5,   0.75, -1.375,
                     -0.25, -1,   -0.375, -1.625, 1.875, -1.125, 0.625, -0.75, 1.5,   0.625, -1.5, 1.375},
                    {2, 3, 4})},
            floats({-1.75, -0.5, -0.75,  -1.375, 1.25,  -0.5,   1.875, 0.375, 0.375, 0.5,   0.75, -1.375,
                    -0.25, -1,   -0.375, -1.625, 1.875, -1.125, 0.625, -0.75, 1.5,   0.625, -1.5, 1.375},
                   {2, 3, 4})});
  check_op({"reduce_mean",
            {{"axes", Ints{1, 2}}},
            {floats({-1.75, -0.5, -0.75,  -1.375, 1.25,  -0.5,   1.875, 0.375, 0.375, 0.5,   0.75, -1.375,
                     -0.25, -1,   -0.375, -1.625, 1.875, -1.125, 0.625, -0.75, 1.5,   0.625, -1.5, 1.375},
                    {2, 3, 4})},
            floats({-0.09375, -0.052083333333333336})});
}

TEST(op_reduce_mean, nan_and_infinity_go_through) {
  check_op({"reduce_mean",
            {{"axes", Ints{1}}},
            {floats({1, kNan, 2, kInfinity, 1, 2}, {2, 3})},
            floats({kNan, kInfinity})});
  check_op({"reduce_mean",
            {{"axes", Ints{1}}},
            {floats({kNan, 1, -kInfinity, -kInfinity}, {2, 2})},
            floats({kNan, -kInfinity})});
}

TEST(op_reduce_mean, means_of_integers_are_cut_toward_zero) {
  check_op({"reduce_mean", {{"axes", Ints{1}}}, {ints({1, 2, 2, -1, -2, -2}, {2, 3})}, ints({1, -1})});
  check_op({"reduce_mean", {}, {ints({200, 201}, {2}, DType::uint8)}, ints({200}, {}, DType::uint8)});
  check_op({"reduce_mean", {{"axes", Ints{0}}}, {ints({}, {0, 2})}, ints({0, 0})});
  check_op({"reduce_mean", {{"axes", Ints{0}}}, {floats({}, {0, 2})}, floats({kNan, kNan})});
}

TEST(op_reduce_mean, larger_shapes_agree) {
  check_kernels("reduce_mean", {{"axes", Ints{1, 2}}}, {random_floats({2, 7, 7, 65}, 1, 0.5, 1.5)});
  check_kernels("reduce_mean", {{"axes", Ints{-1}}}, {random_floats({5, 3, 131}, 2, 0.9, 1.1)});
}

TEST(op_reduce_mean, what_does_not_fit_is_refused) {
  expect_rejected("reduce_mean", {{"axes", Ints{2}}}, {f32_of({2, 3})}, "is 2");
  expect_rejected("reduce_mean", {}, {{DType::boolean, {2}}}, "real numbers");
}

TEST(op_reduce_mean, unknown_sizes_stay) {
  EXPECT_EQ(infer_op("reduce_mean", {{"axes", Ints{1}}}, {f32_of({Shape::kUnknown, 3, Shape::kUnknown})}),
            (f32_of({Shape::kUnknown, Shape::kUnknown})));
}

}  // namespace
}  // namespace cornu::test
