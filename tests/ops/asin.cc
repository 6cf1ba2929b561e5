#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_asin, follows_its_formula) {
  check_op({"asin",
            {},
            {floats({-1, -0.9, -0.5, 0, 0.001, 0.5, 0.99, 1})},
            floats({-1.5707963267948966, -1.1197695149986342, -0.5235987755982989, 0, 0.0010000001666667416,
                    0.5235987755982989, 1.4292568534704693, 1.5707963267948966}),
            1e-11});
}

TEST(op_asin, gives_nan_and_infinity_where_it_has_no_value) {
  check_op({"asin", {}, {floats({-1.5, 2, kInfinity, kNan})}, floats({kNan, kNan, kNan, kNan})});
}

TEST(op_asin, takes_any_number_of_elements) {
  check_op({"asin", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("asin", {}, {random_floats({3, 5, 67}, 1, 0.01, 0.99)});
}

TEST(op_asin, integers_are_refused) {
  expect_rejected("asin", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
