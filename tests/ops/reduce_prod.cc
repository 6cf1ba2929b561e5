#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_reduce_prod, reduces_along_axes) {
  check_op({"reduce_prod",
            {{"axes", Ints{1}}},
            {floats({0.875, -1.125, -1.25, -0.5,  -1.25, -0.625, 1.75,  0.25, -0.625, -0.875, 1.75,  -0.25,
                     1.875, 0.5,    0.5,   1.625, 1,     0.375,  -0.25, 1.5,  -0.375, 1.75,   -1.75, -0.25},
                    {2, 3, 4})},
            floats({0.68359375, -0.615234375, -3.828125, 0.03125, -0.703125, 0.328125, 0.21875, -0.609375},
                   {2, 4})});
  check_op({"reduce_prod",
            {{"axes", Ints{0, -1}}, {"keepdims", true}},
            {floats({0.875, -1.125, -1.25, -0.5,  -1.25, -0.625, 1.75,  0.25, -0.625, -0.875, 1.75,  -0.25,
                     1.875, 0.5,    0.5,   1.625, 1,     0.375,  -0.25, 1.5,  -0.375, 1.75,   -1.75, -0.25},
                    {2, 3, 4})},
            floats({-0.46863555908203125, -0.048065185546875, 0.06869316101074219}, {1, 3, 1})});
  check_op({"reduce_prod",
            {},
            {floats({0.875, -1.125, -1.25, -0.5,  -1.25, -0.625, 1.75,  0.25, -0.625, -0.875, 1.75,  -0.25,
                     1.875, 0.5,    0.5,   1.625, 1,     0.375,  -0.25, 1.5,  -0.375, 1.75,   -1.75, -0.25},
                    {2, 3, 4})},
            floats({0.0015473172368385413}, {})});
  check_op({"reduce_prod",
            {{"axes", Ints{}}},
            {floats({0.875, -1.125, -1.25, -0.5,  -1.25, -0.625, 1.75,  0.25, -0.625, -0.875, 1.75,  -0.25,
                     1.875, 0.5,    0.5,   1.625, 1,     0.375,  -0.25, 1.5,  -0.375, 1.75,   -1.75, -0.25},
                    {2, 3, 4})},
            floats({0.875, -1.125, -1.25, -0.5,  -1.25, -0.625, 1.75,  0.25, -0.625, -0.875, 1.75,  -0.25,
                    1.875, 0.5,    0.5,   1.625, 1,     0.375,  -0.25, 1.5,  -0.375, 1.75,   -1.75, -0.25},
                   {2, 3, 4})});
  check_op({"reduce_prod",
            {{"axes", Ints{1, 2}}},
            {floats({0.875, -1.125, -1.25, -0.5,  -1.25, -0.625, 1.75,  0.25, -0.625, -0.875, 1.75,  -0.25,
                     1.875, 0.5,    0.5,   1.625, 1,     0.375,  -0.25, 1.5,  -0.375, 1.75,   -1.75, -0.25},
                    {2, 3, 4})},
            floats({0.05031237378716469, 0.0307542085647583})});
}

TEST(op_reduce_prod, nan_and_infinity_go_through) {
  check_op({"reduce_prod",
            {{"axes", Ints{1}}},
            {floats({1, kNan, 2, kInfinity, 1, 2}, {2, 3})},
            floats({kNan, kInfinity})});
  check_op({"reduce_prod",
            {{"axes", Ints{1}}},
            {floats({kNan, 1, -kInfinity, -kInfinity}, {2, 2})},
            floats({kNan, kInfinity})});
}

TEST(op_reduce_prod, takes_integers_and_nothing) {
  check_op({"reduce_prod", {{"axes", Ints{0}}}, {ints({1, -2, 3, 4, 5, -6}, {2, 3})}, ints({4, -10, -18})});
  check_op({"reduce_prod", {{"axes", Ints{0}}}, {floats({}, {0, 2})}, floats({1, 1})});
  check_op({"reduce_prod",
            {{"axes", Ints{0}}},
            {ints({200, 100}, {2}, DType::uint8)},
            ints({32}, {}, DType::uint8)});
}

TEST(op_reduce_prod, larger_shapes_agree) {
  check_kernels("reduce_prod", {{"axes", Ints{1, 2}}}, {random_floats({2, 7, 7, 65}, 1, 0.5, 1.5)});
  check_kernels("reduce_prod", {{"axes", Ints{-1}}}, {random_floats({5, 3, 131}, 2, 0.9, 1.1)});
}

TEST(op_reduce_prod, what_does_not_fit_is_refused) {
  expect_rejected("reduce_prod", {{"axes", Ints{2}}}, {f32_of({2, 3})}, "is 2");
  expect_rejected("reduce_prod", {}, {{DType::boolean, {2}}}, "real numbers");
}

TEST(op_reduce_prod, unknown_sizes_stay) {
  EXPECT_EQ(infer_op("reduce_prod", {{"axes", Ints{1}}}, {f32_of({Shape::kUnknown, 3, Shape::kUnknown})}),
            (f32_of({Shape::kUnknown, Shape::kUnknown})));
}

}  // namespace
}  // namespace cornu::test
