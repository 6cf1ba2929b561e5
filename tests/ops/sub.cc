#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_sub, broadcasts_as_numpy_does) {
  check_op({"sub",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({0, 0, 0, 0, 0, 0}, {2, 3})});
  check_op({"sub",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2, -3, 0.5})},
            floats({-0.5, 1, -0.5, 2, 10.25, -3.5}, {2, 3})});
  check_op({"sub",
            {},
            {floats({2, -4}, {2, 1}), floats({2, -3, 0.5})},
            floats({0, 5, 1.5, -6, -1, -4.5}, {2, 3})});
  check_op({"sub",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2}, {})},
            floats({-0.5, -4, -2, 2, 5.25, -5}, {2, 3})});
  check_op({"sub",
            {},
            {floats({3}, {}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({1.5, 5, 3, -1, -4.25, 6}, {2, 3})});
  check_op({"sub", {}, {floats({}, {0, 3}), floats({2, -3, 0.5})}, floats({}, {0, 3})});
}

TEST(op_sub, keeps_nan) {
  check_op({"sub",
            {},
            {floats({kNan, 1, kNan, kInfinity, -kInfinity}), floats({1, kNan, kNan, kInfinity, kInfinity})},
            floats({kNan, kNan, kNan, kNan, -kInfinity})});
}

TEST(op_sub, larger_shapes_agree) {
  check_kernels("sub", {}, {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("sub", {}, {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("sub", {}, {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_sub, integers_wrap_around) {
  check_op({"sub",
            {},
            {ints({7, -7, 7, -7, 0, 2147483647}), ints({2, 2, -2, -2, 5, 1})},
            ints({5, -9, 9, -5, -5, 2147483646})});
  check_op({"sub",
            {},
            {ints({200, 3}, {2}, DType::uint8), ints({100, 5}, {2}, DType::uint8)},
            ints({100, 254}, {2}, DType::uint8)});
  check_op({"sub", {}, {ints({2147483647, -2147483648}), ints({2147483647, -2147483648})}, ints({0, 0})});
}

TEST(op_sub, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("sub", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("sub", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
  expect_rejected("sub", {}, {{DType::boolean, {2}}, {DType::boolean, {2}}}, "real numbers");
}

TEST(op_sub, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("sub", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (f32_of({Shape::kUnknown, 4, 3})));
}

}  // namespace
}  // namespace cornu::test
