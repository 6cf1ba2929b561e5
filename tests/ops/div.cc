#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_div, broadcasts_as_numpy_does) {
  check_op({"div",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({1, 1, kNan, 1, 1, 1}, {2, 3})});
  check_op({"div",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2, -3, 0.5})},
            floats({0.75, 0.6666666666666666, 0, 2, -2.4166666666666665, -6}, {2, 3})});
  check_op({"div",
            {},
            {floats({2, -4}, {2, 1}), floats({2, -3, 0.5})},
            floats({1, -0.6666666666666666, 4, -2, 1.3333333333333333, -8}, {2, 3})});
  check_op({"div",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2}, {})},
            floats({0.75, -1, 0, 2, 3.625, -1.5}, {2, 3})});
  check_op({"div",
            {},
            {floats({3}, {}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({2, -1.5, kInfinity, 0.75, 0.41379310344827586, -1}, {2, 3})});
  check_op({"div", {}, {floats({}, {0, 3}), floats({2, -3, 0.5})}, floats({}, {0, 3})});
}

TEST(op_div, keeps_nan) {
  check_op({"div",
            {},
            {floats({kNan, 1, kNan, kInfinity, -kInfinity}), floats({1, kNan, kNan, kInfinity, kInfinity})},
            floats({kNan, kNan, kNan, kNan, kNan})});
}

TEST(op_div, larger_shapes_agree) {
  check_kernels("div", {}, {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("div", {}, {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("div", {}, {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_div, integers_are_cut_toward_zero_and_nothing_crashes) {
  check_op({"div",
            {},
            {ints({7, -7, 7, -7, 5, -2147483648, -2147483648}), ints({2, 2, -2, -2, 0, 0, -1})},
            ints({3, -3, -3, 3, 0, 0, -2147483648})});
}

TEST(op_div, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("div", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("div", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
  expect_rejected("div", {}, {{DType::boolean, {2}}, {DType::boolean, {2}}}, "real numbers");
}

TEST(op_div, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("div", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (f32_of({Shape::kUnknown, 4, 3})));
}

}  // namespace
}  // namespace cornu::test
