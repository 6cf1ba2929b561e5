#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_sinh, follows_its_formula) {
  check_op({"sinh",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-242582597.70489514, -16.542627287634996, -10.017874927409903, -3.6268604078470186,
                    -1.1752011936438014, -0.82231673193583, -0.5210953054937474, -0.2526123168081683, 0,
                    0.12532577524111546, 0.5210953054937474, 1.1752011936438014, 2.1292794550948173,
                    3.6268604078470186, 10.017874927409903, 35.04557405638943, 242582597.70489514})});
}

TEST(op_sinh, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"sinh", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, -kInfinity})});
}

TEST(op_sinh, takes_any_number_of_elements) {
  check_op({"sinh", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("sinh", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_sinh, integers_are_refused) {
  expect_rejected("sinh", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
