#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_mod, broadcasts_as_numpy_does) {
  check_op({"mod",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({0, -0.0, kNan, 0, 0, -0.0}, {2, 3})});
  check_op({"mod",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2, -3, 0.5})},
            floats({1.5, -2, 0, 0, -1.75, 0}, {2, 3})});
  check_op(
      {"mod", {}, {floats({2, -4}, {2, 1}), floats({2, -3, 0.5})}, floats({0, -1, 0, 0, -1, 0}, {2, 3})});
  check_op({"mod",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2}, {})},
            floats({1.5, 0, 0, 0, 1.25, 1}, {2, 3})});
  check_op({"mod",
            {},
            {floats({3}, {}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({0, -1, kNan, 3, 3, -0.0}, {2, 3})});
  check_op({"mod", {}, {floats({}, {0, 3}), floats({2, -3, 0.5})}, floats({}, {0, 3})});
}

TEST(op_mod, larger_shapes_agree) {
  check_kernels("mod", {}, {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("mod", {}, {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("mod", {}, {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_mod, integers_take_the_sign_of_the_divisor_and_nothing_crashes) {
  check_op({"mod",
            {},
            {ints({7, -7, 7, -7, 6, 5, -2147483648, -2147483648}), ints({2, 2, -2, -2, -3, 0, 0, -1})},
            ints({1, 1, -1, -1, 0, 0, 0, 0})});
  check_op({"mod",
            {},
            {ints({200}, {1}, DType::uint8), ints({7}, {1}, DType::uint8)},
            ints({4}, {1}, DType::uint8)});
}

TEST(op_mod, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("mod", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("mod", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
  expect_rejected("mod", {}, {{DType::boolean, {2}}, {DType::boolean, {2}}}, "real numbers");
}

TEST(op_mod, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("mod", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (f32_of({Shape::kUnknown, 4, 3})));
}

}  // namespace
}  // namespace cornu::test
