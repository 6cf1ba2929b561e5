#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_floor_div, broadcasts_as_numpy_does) {
  check_op({"floor_div",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({1, 1, kNan, 1, 1, 1}, {2, 3})});
  check_op({"floor_div",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2, -3, 0.5})},
            floats({0, 0, 0, 2, -3, -6}, {2, 3})});
  check_op({"floor_div",
            {},
            {floats({2, -4}, {2, 1}), floats({2, -3, 0.5})},
            floats({1, -1, 4, -2, 1, -8}, {2, 3})});
  check_op({"floor_div",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2}, {})},
            floats({0, -1, 0, 2, 3, -2}, {2, 3})});
  check_op({"floor_div",
            {},
            {floats({3}, {}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({2, -2, kInfinity, 0, 0, -1}, {2, 3})});
  check_op({"floor_div", {}, {floats({}, {0, 3}), floats({2, -3, 0.5})}, floats({}, {0, 3})});
}

TEST(op_floor_div, larger_shapes_agree) {
  check_kernels("floor_div", {}, {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("floor_div", {},
                {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("floor_div", {}, {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_floor_div, integers_are_rounded_down_and_nothing_crashes) {
  check_op({"floor_div",
            {},
            {ints({7, -7, 7, -7, 6, 5, -2147483648, -2147483648}), ints({2, 2, -2, -2, -3, 0, 0, -1})},
            ints({3, -4, -4, 3, -2, 0, 0, -2147483648})});
  check_op({"floor_div",
            {},
            {ints({200}, {1}, DType::uint8), ints({7}, {1}, DType::uint8)},
            ints({28}, {1}, DType::uint8)});
}

TEST(op_floor_div, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("floor_div", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("floor_div", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
  expect_rejected("floor_div", {}, {{DType::boolean, {2}}, {DType::boolean, {2}}}, "real numbers");
}

TEST(op_floor_div, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("floor_div", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (f32_of({Shape::kUnknown, 4, 3})));
}

}  // namespace
}  // namespace cornu::test
