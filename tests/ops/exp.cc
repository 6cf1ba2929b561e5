#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_exp, follows_its_formula) {
  check_op({"exp",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({2.061153622438558e-09, 0.0301973834223185, 0.049787068367863944, 0.1353352832366127,
                    0.36787944117144233, 0.4723665527410147, 0.6065306597126334, 0.7788007830714049, 1,
                    1.1331484530668263, 1.6487212707001282, 2.718281828459045, 4.4816890703380645,
                    7.38905609893065, 20.085536923187668, 70.10541234668786, 485165195.4097903})});
}

TEST(op_exp, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"exp", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, 0})});
}

TEST(op_exp, takes_any_number_of_elements) {
  check_op({"exp", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("exp", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_exp, integers_are_refused) {
  expect_rejected("exp", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
