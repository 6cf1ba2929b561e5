#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_less, broadcasts_as_numpy_does) {
  check_op({"less",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            bools({0, 0, 0, 0, 0, 0}, {2, 3})});
  check_op({"less",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2, -3, 0.5})},
            bools({1, 0, 1, 0, 0, 1}, {2, 3})});
  check_op({"less", {}, {floats({2, -4}, {2, 1}), floats({2, -3, 0.5})}, bools({0, 0, 0, 1, 1, 1}, {2, 3})});
  check_op({"less",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2}, {})},
            bools({1, 1, 1, 0, 0, 1}, {2, 3})});
  check_op({"less",
            {},
            {floats({3}, {}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            bools({0, 0, 0, 1, 1, 0}, {2, 3})});
  check_op({"less", {}, {floats({}, {0, 3}), floats({2, -3, 0.5})}, bools({}, {0, 3})});
}

TEST(op_less, compares_nan_as_unequal) {
  check_op({"less",
            {},
            {floats({kNan, 1, kNan, kInfinity, -kInfinity}), floats({1, kNan, kNan, kInfinity, kInfinity})},
            bools({0, 0, 0, 0, 1})});
}

TEST(op_less, larger_shapes_agree) {
  check_kernels("less", {}, {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("less", {}, {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("less", {}, {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_less, takes_integers) {
  check_op({"less",
            {},
            {ints({7, -7, 7, -7, 0, 2147483647}), ints({2, 2, -2, -2, 5, 1})},
            bools({0, 1, 0, 1, 1, 0})});
}

TEST(op_less, takes_bools) {
  check_op({"less", {}, {bools({1, 1, 0}), bools({1, 0, 0})}, bools({0, 0, 0})});
}

TEST(op_less, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("less", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("less", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
}

TEST(op_less, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("less", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (TensorType{DType::boolean, {Shape::kUnknown, 4, 3}}));
}

}  // namespace
}  // namespace cornu::test
