#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_hard_tanh, follows_its_formula) {
  check_op({"hard_tanh",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-1, -1, -1, -1, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1, 1, 1, 1, 1})});
}

TEST(op_hard_tanh, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"hard_tanh", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, 1, -1})});
}

TEST(op_hard_tanh, takes_any_number_of_elements) {
  check_op({"hard_tanh", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("hard_tanh", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_hard_tanh, integers_are_refused) {
  expect_rejected("hard_tanh", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
