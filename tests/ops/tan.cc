#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_tan, follows_its_formula) {
  check_op({"tan",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-2.237160944224742, -0.3745856401585947, 0.1425465430742778, 2.185039863261519,
                    -1.5574077246549023, -0.9315964599440725, -0.5463024898437905, -0.25534192122103627, 0,
                    0.12565513657513097, 0.5463024898437905, 1.5574077246549023, 14.101419947171719,
                    -2.185039863261519, -0.1425465430742778, 2.0063090278580593, 2.237160944224742}),
            1e-10});
}

TEST(op_tan, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"tan", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kNan, kNan})});
}

TEST(op_tan, takes_any_number_of_elements) {
  check_op({"tan", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("tan", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_tan, integers_are_refused) {
  expect_rejected("tan", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
