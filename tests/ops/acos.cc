#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_acos, follows_its_formula) {
  check_op({"acos",
            {},
            {floats({-1, -0.9, -0.5, 0, 0.001, 0.5, 0.99, 1})},
            floats({3.141592653589793, 2.6905658417935308, 2.0943951023931957, 1.5707963267948966,
                    1.56979632662823, 1.0471975511965976, 0.1415394733244273, 0}),
            1e-11});
}

TEST(op_acos, gives_nan_and_infinity_where_it_has_no_value) {
  check_op({"acos", {}, {floats({-1.5, 2, kInfinity, kNan})}, floats({kNan, kNan, kNan, kNan})});
}

TEST(op_acos, takes_any_number_of_elements) {
  check_op({"acos", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("acos", {}, {random_floats({3, 5, 67}, 1, 0.01, 0.99)});
}

TEST(op_acos, integers_are_refused) {
  expect_rejected("acos", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
