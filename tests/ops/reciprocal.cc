#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_reciprocal, follows_its_formula) {
  check_op({"reciprocal",
            {},
            {floats({-0.001, -0.25, -0.5, -1, -2, -7.5, -100, 0, 0.001, 0.25, 0.5, 1, 2, 7.5, 100})},
            floats({-1000, -4, -2, -1, -0.5, -0.13333333333333333, -0.01, kInfinity, 1000, 4, 2, 1, 0.5,
                    0.13333333333333333, 0.01}),
            1e-11});
}

TEST(op_reciprocal, gives_nan_and_infinity_where_it_has_no_value) {
  check_op(
      {"reciprocal", {}, {floats({-0.0, -kInfinity, kInfinity, kNan})}, floats({-kInfinity, -0.0, 0, kNan})});
}

TEST(op_reciprocal, takes_any_number_of_elements) {
  check_op({"reciprocal", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("reciprocal", {}, {random_floats({3, 5, 67}, 1, 0.01, 0.99)});
}

TEST(op_reciprocal, integers_are_refused) {
  expect_rejected("reciprocal", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
