#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_tanh_shrink, follows_its_formula) {
  check_op({"tanh_shrink",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-19, -2.501822102388801, -2.0049452463132695, -1.035972419924183, -0.23840584404423515,
                    -0.1148510476127127, -0.03788284273999026, -0.005081337596290869, 0,
                    0.0006469982284037917, 0.03788284273999026, 0.23840584404423515, 0.5948517463551335,
                    1.035972419924183, 2.0049452463132695, 3.25040685395611, 19})});
}

TEST(op_tanh_shrink, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op(
      {"tanh_shrink", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, -kInfinity})});
}

TEST(op_tanh_shrink, takes_any_number_of_elements) {
  check_op({"tanh_shrink", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("tanh_shrink", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_tanh_shrink, integers_are_refused) {
  expect_rejected("tanh_shrink", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
