#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_rsqrt, follows_its_formula) {
  check_op({"rsqrt",
            {},
            {floats({0, 0.001, 0.25, 0.5, 1, 2, 7.5, 100})},
            floats({kInfinity, 31.622776601683796, 2, 1.414213562373095, 1, 0.7071067811865475,
                    0.3651483716701107, 0.1}),
            1e-11});
}

TEST(op_rsqrt, gives_nan_and_infinity_where_it_has_no_value) {
  check_op({"rsqrt", {}, {floats({-1, kInfinity, kNan})}, floats({kNan, 0, kNan})});
}

TEST(op_rsqrt, takes_any_number_of_elements) {
  check_op({"rsqrt", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("rsqrt", {}, {random_floats({3, 5, 67}, 1, 0.01, 0.99)});
}

TEST(op_rsqrt, integers_are_refused) {
  expect_rejected("rsqrt", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
