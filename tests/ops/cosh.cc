#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_cosh, follows_its_formula) {
  check_op({"cosh",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({242582597.70489514, 16.572824671057315, 10.067661995777765, 3.7621956910836314,
                    1.5430806348152437, 1.2946832846768448, 1.1276259652063807, 1.0314130998795732, 1,
                    1.0078226778257109, 1.1276259652063807, 1.5430806348152437, 2.352409615243247,
                    3.7621956910836314, 10.067661995777765, 35.05983829029843, 242582597.70489514})});
}

TEST(op_cosh, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"cosh", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, kInfinity})});
}

TEST(op_cosh, takes_any_number_of_elements) {
  check_op({"cosh", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("cosh", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_cosh, integers_are_refused) {
  expect_rejected("cosh", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
