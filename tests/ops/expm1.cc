#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_expm1, follows_its_formula) {
  check_op({"expm1",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-0.9999999979388464, -0.9698026165776815, -0.950212931632136, -0.8646647167633873,
                    -0.6321205588285577, -0.5276334472589853, -0.3934693402873666, -0.22119921692859512, 0,
                    0.13314845306682632, 0.6487212707001282, 1.7182818284590453, 3.481689070338065,
                    6.38905609893065, 19.085536923187668, 69.10541234668786, 485165194.4097903})});
}

TEST(op_expm1, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"expm1", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, -1})});
}

TEST(op_expm1, takes_any_number_of_elements) {
  check_op({"expm1", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("expm1", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_expm1, integers_are_refused) {
  expect_rejected("expm1", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
