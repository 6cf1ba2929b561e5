#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_sin, follows_its_formula) {
  check_op({"sin",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-0.9129452507276277, 0.35078322768961984, -0.1411200080598672, -0.9092974268256817,
                    -0.8414709848078965, -0.6816387600233341, -0.479425538604203, -0.24740395925452294, 0,
                    0.12467473338522769, 0.479425538604203, 0.8414709848078965, 0.9974949866040544,
                    0.9092974268256817, 0.1411200080598672, -0.8949893582285835, 0.9129452507276277})});
}

TEST(op_sin, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"sin", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kNan, kNan})});
}

TEST(op_sin, takes_any_number_of_elements) {
  check_op({"sin", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("sin", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_sin, integers_are_refused) {
  expect_rejected("sin", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
