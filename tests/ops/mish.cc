#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_mish, follows_its_formula) {
  check_op({"mish",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-4.122307240628762e-08, -0.1040957544863712, -0.1456474612756246, -0.2525014826957089,
                    -0.30340146137410895, -0.2764947145054652, -0.22074377465173, -0.129926963679141, 0,
                    0.07995757084735981, 0.3752452113048951, 0.8650983882673103, 1.4033782663958028,
                    1.9439589595339946, 2.986535004967957, 4.2483191547992885, 20})});
}

TEST(op_mish, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"mish", {}, {floats({kNan, kInfinity})}, floats({kNan, kInfinity})});
}

TEST(op_mish, takes_any_number_of_elements) {
  check_op({"mish", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("mish", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_mish, integers_are_refused) {
  expect_rejected("mish", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
