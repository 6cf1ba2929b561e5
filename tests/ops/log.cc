#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_log, follows_its_formula) {
  check_op({"log",
            {},
            {floats({0, 0.001, 0.25, 0.5, 1, 2, 7.5, 100})},
            floats({-kInfinity, -6.907755278982137, -1.3862943611198906, -0.6931471805599453, 0,
                    0.6931471805599453, 2.0149030205422647, 4.605170185988092}),
            1e-11});
}

TEST(op_log, gives_nan_and_infinity_where_it_has_no_value) {
  check_op({"log", {}, {floats({-1, kInfinity, kNan})}, floats({kNan, kInfinity, kNan})});
}

TEST(op_log, takes_any_number_of_elements) {
  check_op({"log", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("log", {}, {random_floats({3, 5, 67}, 1, 0.01, 0.99)});
}

TEST(op_log, integers_are_refused) {
  expect_rejected("log", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
