#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_mul, broadcasts_as_numpy_does) {
  check_op({"mul",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({2.25, 4, 0, 16, 52.5625, 9}, {2, 3})});
  check_op({"mul",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2, -3, 0.5})},
            floats({3, 6, 0, 8, -21.75, -1.5}, {2, 3})});
  check_op(
      {"mul", {}, {floats({2, -4}, {2, 1}), floats({2, -3, 0.5})}, floats({4, -6, 1, -8, 12, -2}, {2, 3})});
  check_op({"mul",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2}, {})},
            floats({3, -4, 0, 8, 14.5, -6}, {2, 3})});
  check_op({"mul",
            {},
            {floats({3}, {}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({4.5, -6, 0, 12, 21.75, -9}, {2, 3})});
  check_op({"mul", {}, {floats({}, {0, 3}), floats({2, -3, 0.5})}, floats({}, {0, 3})});
}

TEST(op_mul, keeps_nan) {
  check_op({"mul",
            {},
            {floats({kNan, 1, kNan, kInfinity, -kInfinity}), floats({1, kNan, kNan, kInfinity, kInfinity})},
            floats({kNan, kNan, kNan, kInfinity, -kInfinity})});
}

TEST(op_mul, larger_shapes_agree) {
  check_kernels("mul", {}, {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("mul", {}, {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("mul", {}, {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_mul, integers_wrap_around) {
  check_op({"mul",
            {},
            {ints({7, -7, 7, -7, 0, 2147483647}), ints({2, 2, -2, -2, 5, 1})},
            ints({14, -14, -14, 14, 0, 2147483647})});
  check_op({"mul",
            {},
            {ints({200, 3}, {2}, DType::uint8), ints({100, 5}, {2}, DType::uint8)},
            ints({32, 15}, {2}, DType::uint8)});
  check_op({"mul", {}, {ints({2147483647, -2147483648}), ints({2147483647, -2147483648})}, ints({1, 0})});
}

TEST(op_mul, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("mul", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("mul", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
  expect_rejected("mul", {}, {{DType::boolean, {2}}, {DType::boolean, {2}}}, "real numbers");
}

TEST(op_mul, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("mul", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (f32_of({Shape::kUnknown, 4, 3})));
}

}  // namespace
}  // namespace cornu::test
