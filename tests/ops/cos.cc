#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_cos, follows_its_formula) {
  check_op({"cos",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({0.40808206181339196, -0.9364566872907963, -0.9899924966004454, -0.4161468365471424,
                    0.5403023058681398, 0.7316888688738209, 0.8775825618903728, 0.9689124217106447, 1,
                    0.992197667229329, 0.8775825618903728, 0.5403023058681398, 0.0707372016677029,
                    -0.4161468365471424, -0.9899924966004454, -0.4460874899137928, 0.40808206181339196})});
}

TEST(op_cos, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"cos", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kNan, kNan})});
}

TEST(op_cos, takes_any_number_of_elements) {
  check_op({"cos", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("cos", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_cos, integers_are_refused) {
  expect_rejected("cos", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
