#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_atan2, broadcasts_as_numpy_does) {
  check_op({"atan2",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({0.7853981633974483, -2.356194490192345, 0, 0.7853981633974483, 0.7853981633974483,
                    -2.356194490192345},
                   {2, 3})});
  check_op({"atan2",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2, -3, 0.5})},
            floats({0.6435011087932844, -2.5535900500422257, 0, 1.1071487177940904, 1.9631364710104124,
                    -1.4056476493802699},
                   {2, 3})});
  check_op({"atan2",
            {},
            {floats({2, -4}, {2, 1}), floats({2, -3, 0.5})},
            floats({0.7853981633974483, 2.5535900500422257, 1.3258176636680326, -1.1071487177940904,
                    -2.214297435588181, -1.446441332248135},
                   {2, 3})});
  check_op({"atan2",
            {},
            {floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3}), floats({2}, {})},
            floats({0.6435011087932844, -0.7853981633974483, 0, 1.1071487177940904, 1.3016288340091962,
                    -0.982793723247329},
                   {2, 3})});
  check_op({"atan2",
            {},
            {floats({3}, {}), floats({1.5, -2, 0, 4, 7.25, -3}, {2, 3})},
            floats({1.1071487177940904, 2.1587989303424644, 1.5707963267948966, 0.6435011087932844,
                    0.3923401442155158, 2.356194490192345},
                   {2, 3})});
  check_op({"atan2", {}, {floats({}, {0, 3}), floats({2, -3, 0.5})}, floats({}, {0, 3})});
}

TEST(op_atan2, keeps_nan) {
  check_op({"atan2",
            {},
            {floats({kNan, 1, kNan, kInfinity, -kInfinity}), floats({1, kNan, kNan, kInfinity, kInfinity})},
            floats({kNan, kNan, kNan, 0.7853981633974483, -0.7853981633974483})});
}

TEST(op_atan2, larger_shapes_agree) {
  check_kernels("atan2", {}, {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("atan2", {}, {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("atan2", {}, {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_atan2, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("atan2", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("atan2", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
  expect_rejected("atan2", {}, {i32_of({2}), i32_of({2})}, "floating-point");
}

TEST(op_atan2, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("atan2", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (f32_of({Shape::kUnknown, 4, 3})));
}

}  // namespace
}  // namespace cornu::test
