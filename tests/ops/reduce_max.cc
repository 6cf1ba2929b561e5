#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_reduce_max, reduces_along_axes) {
  check_op({"reduce_max",
            {{"axes", Ints{1}}},
            {floats({1.75,   1.625, 0.25,   -1.375, -1.25, 1.75, 0.25,  -1.25, 1.5,    0.625, 0.25,   -0.5,
                     -0.375, -1,    -1.875, 1.5,    0.5,   0.25, -0.75, 1,     -1.875, -0.5,  -1.875, -1.5},
                    {2, 3, 4})},
            floats({1.75, 1.75, 0.25, -0.5, 0.5, 0.25, -0.75, 1.5}, {2, 4})});
  check_op({"reduce_max",
            {{"axes", Ints{0, -1}}, {"keepdims", true}},
            {floats({1.75,   1.625, 0.25,   -1.375, -1.25, 1.75, 0.25,  -1.25, 1.5,    0.625, 0.25,   -0.5,
                     -0.375, -1,    -1.875, 1.5,    0.5,   0.25, -0.75, 1,     -1.875, -0.5,  -1.875, -1.5},
                    {2, 3, 4})},
            floats({1.75, 1.75, 1.5}, {1, 3, 1})});
  check_op({"reduce_max",
            {},
            {floats({1.75,   1.625, 0.25,   -1.375, -1.25, 1.75, 0.25,  -1.25, 1.5,    0.625, 0.25,   -0.5,
                     -0.375, -1,    -1.875, 1.5,    0.5,   0.25, -0.75, 1,     -1.875, -0.5,  -1.875, -1.5},
                    {2, 3, 4})},
            floats({1.75}, {})});
  check_op({"reduce_max",
            {{"axes", Ints{}}},
            {floats({1.75,   1.625, 0.25,   -1.375, -1.25, 1.75, 0.25,  -1.25, 1.5,    0.625, 0.25,   -0.5,
                     -0.375, -1,    -1.875, 1.5,    0.5,   0.25, -0.75, 1,     -1.875, -0.5,  -1.875, -1.5},
                    {2, 3, 4})},
            floats({1.75,   1.625, 0.25,   -1.375, -1.25, 1.75, 0.25,  -1.25, 1.5,    0.625, 0.25,   -0.5,
                    -0.375, -1,    -1.875, 1.5,    0.5,   0.25, -0.75, 1,     -1.875, -0.5,  -1.875, -1.5},
                   {2, 3, 4})});
  check_op({"reduce_max",
            {{"axes", Ints{1, 2}}},
            {floats({1.75,   1.625, 0.25,   -1.375, -1.25, 1.75, 0.25,  -1.25, 1.5,    0.625, 0.25,   -0.5,
                     -0.375, -1,    -1.875, 1.5,    0.5,   0.25, -0.75, 1,     -1.875, -0.5,  -1.875, -1.5},
                    {2, 3, 4})},
            floats({1.75, 1.5})});
}

TEST(op_reduce_max, nan_and_infinity_go_through) {
  check_op({"reduce_max",
            {{"axes", Ints{1}}},
            {floats({1, kNan, 2, kInfinity, 1, 2}, {2, 3})},
            floats({kNan, kInfinity})});
  check_op({"reduce_max",
            {{"axes", Ints{1}}},
            {floats({kNan, 1, -kInfinity, -kInfinity}, {2, 2})},
            floats({kNan, -kInfinity})});
}

TEST(op_reduce_max, takes_integers_and_nothing) {
  check_op({"reduce_max", {{"axes", Ints{0}}}, {ints({1, -2, 3, 4, 5, -6}, {2, 3})}, ints({4, 5, 3})});
  check_op({"reduce_max", {{"axes", Ints{0}}}, {floats({}, {0, 2})}, floats({-kInfinity, -kInfinity})});
  check_op({"reduce_max",
            {{"axes", Ints{0}}},
            {ints({200, 100}, {2}, DType::uint8)},
            ints({200}, {}, DType::uint8)});
}

TEST(op_reduce_max, larger_shapes_agree) {
  check_kernels("reduce_max", {{"axes", Ints{1, 2}}}, {random_floats({2, 7, 7, 65}, 1, 0.5, 1.5)});
  check_kernels("reduce_max", {{"axes", Ints{-1}}}, {random_floats({5, 3, 131}, 2, 0.9, 1.1)});
}

TEST(op_reduce_max, what_does_not_fit_is_refused) {
  expect_rejected("reduce_max", {{"axes", Ints{2}}}, {f32_of({2, 3})}, "is 2");
  expect_rejected("reduce_max", {}, {{DType::boolean, {2}}}, "real numbers");
}

TEST(op_reduce_max, unknown_sizes_stay) {
  EXPECT_EQ(infer_op("reduce_max", {{"axes", Ints{1}}}, {f32_of({Shape::kUnknown, 3, Shape::kUnknown})}),
            (f32_of({Shape::kUnknown, Shape::kUnknown})));
}

}  // namespace
}  // namespace cornu::test
