#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_erf, follows_its_formula) {
  check_op({"erf",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-1, -0.9999992569016276, -0.9999779095030014, -0.9953222650189527, -0.8427007929497148,
                    -0.7111556336535151, -0.5204998778130465, -0.2763263901682369, 0, 0.14031620480133383,
                    0.5204998778130465, 0.8427007929497148, 0.9661051464753108, 0.9953222650189527,
                    0.9999779095030014, 0.9999999981494259, 1})});
}

TEST(op_erf, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"erf", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, 1, -1})});
}

TEST(op_erf, takes_any_number_of_elements) {
  check_op({"erf", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("erf", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_erf, integers_are_refused) {
  expect_rejected("erf", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
