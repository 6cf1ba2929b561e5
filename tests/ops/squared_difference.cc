#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_squared_difference, broadcasts_as_numpy_does) {
  check_op({"squared_difference",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({0, 0, 0, 0, 0, 0}, {2, 3})});
  check_op({"squared_difference",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2, -3, 0.5})},
            floats({0.25, 1, 0.25, 4, 105.0625, 12.25}, {2, 3})});
  check_op({"squared_difference",
            {},
            {floats({2, -4}, {2, 1}), floats({2, -3, 0.5})},
            floats({0, 25, 2.25, 36, 1, 20.25}, {2, 3})});
  check_op({"squared_difference",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2}, {})},
            floats({0.25, 16, 4, 4, 27.5625, 25}, {2, 3})});
  check_op({"squared_difference",
            {},
            {floats({3}, {}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({2.25, 25, 9, 1, 18.0625, 36}, {2, 3})});
  check_op({"squared_difference", {}, {floats({}, {0, 3}), floats({2, -3, 0.5})}, floats({}, {0, 3})});
}

TEST(op_squared_difference, keeps_nan) {
  check_op({"squared_difference",
            {},
            {floats({kNan, 1, kNan, kInfinity, -kInfinity}), floats({1, kNan, kNan, kInfinity, kInfinity})},
            floats({kNan, kNan, kNan, kNan, kInfinity})});
}

TEST(op_squared_difference, larger_shapes_agree) {
  check_kernels("squared_difference", {},
                {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("squared_difference", {},
                {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("squared_difference", {},
                {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_squared_difference, integers_wrap_around) {
  check_op({"squared_difference", {}, {ints({3, 65537}), ints({5, 0})}, ints({4, 131073})});
}

TEST(op_squared_difference, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("squared_difference", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("squared_difference", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
  expect_rejected("squared_difference", {}, {{DType::boolean, {2}}, {DType::boolean, {2}}}, "real numbers");
}

TEST(op_squared_difference, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("squared_difference", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (f32_of({Shape::kUnknown, 4, 3})));
}

}  // namespace
}  // namespace cornu::test
