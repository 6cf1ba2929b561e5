#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_asinh, follows_its_formula) {
  check_op({"asinh",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-3.6895038689889055, -1.9657204716496515, -1.8184464592320668, -1.4436354751788103,
                    -0.881373587019543, -0.6931471805599453, -0.48121182505960347, -0.24746646154726346, 0,
                    0.12467674692144275, 0.48121182505960347, 0.881373587019543, 1.1947632172871092,
                    1.4436354751788103, 1.8184464592320668, 2.153628170462028, 3.6895038689889055})});
}

TEST(op_asinh, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"asinh", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, -kInfinity})});
}

TEST(op_asinh, takes_any_number_of_elements) {
  check_op({"asinh", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("asinh", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_asinh, integers_are_refused) {
  expect_rejected("asinh", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
