#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_atan, follows_its_formula) {
  check_op({"atan",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-1.5208379310729538, -1.2924966677897853, -1.2490457723982544, -1.1071487177940904,
                    -0.7853981633974483, -0.6435011087932844, -0.4636476090008061, -0.24497866312686414, 0,
                    0.12435499454676144, 0.4636476090008061, 0.7853981633974483, 0.982793723247329,
                    1.1071487177940904, 1.2490457723982544, 1.3397056595989996, 1.5208379310729538})});
}

TEST(op_atan, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"atan",
            {},
            {floats({kNan, kInfinity, -kInfinity})},
            floats({kNan, 1.5707963267948966, -1.5707963267948966})});
}

TEST(op_atan, takes_any_number_of_elements) {
  check_op({"atan", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("atan", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_atan, integers_are_refused) {
  expect_rejected("atan", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
