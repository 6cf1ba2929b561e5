#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_add, broadcasts_as_numpy_does) {
  check_op({"add",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({3, -4, 0, 8, 14.5, -6}, {2, 3})});
  check_op({"add",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2, -3, 0.5})},
            floats({3.5, -5, 0.5, 6, 4.25, -2.5}, {2, 3})});
  check_op({"add",
            {},
            {floats({2, -4}, {2, 1}), floats({2, -3, 0.5})},
            floats({4, -1, 2.5, -2, -7, -3.5}, {2, 3})});
  check_op({"add",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2}, {})},
            floats({3.5, 0, 2, 6, 9.25, -1}, {2, 3})});
  check_op({"add",
            {},
            {floats({3}, {}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({4.5, 1, 3, 7, 10.25, 0}, {2, 3})});
  check_op({"add", {}, {floats({}, {0, 3}), floats({2, -3, 0.5})}, floats({}, {0, 3})});
}

TEST(op_add, keeps_nan) {
  check_op({"add",
            {},
            {floats({kNan, 1, kNan, kInfinity, -kInfinity}), floats({1, kNan, kNan, kInfinity, kInfinity})},
            floats({kNan, kNan, kNan, kInfinity, kNan})});
}

TEST(op_add, larger_shapes_agree) {
  check_kernels("add", {}, {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("add", {}, {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("add", {}, {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_add, integers_wrap_around) {
  check_op({"add",
            {},
            {ints({7, -7, 7, -7, 0, 2147483647}), ints({2, 2, -2, -2, 5, 1})},
            ints({9, -5, 5, -9, 5, -2147483648})});
  check_op({"add",
            {},
            {ints({200, 3}, {2}, DType::uint8), ints({100, 5}, {2}, DType::uint8)},
            ints({44, 8}, {2}, DType::uint8)});
  check_op({"add", {}, {ints({2147483647, -2147483648}), ints({2147483647, -2147483648})}, ints({-2, 0})});
}

TEST(op_add, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("add", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("add", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
  expect_rejected("add", {}, {{DType::boolean, {2}}, {DType::boolean, {2}}}, "real numbers");
}

TEST(op_add, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("add", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (f32_of({Shape::kUnknown, 4, 3})));
}

}  // namespace
}  // namespace cornu::test
