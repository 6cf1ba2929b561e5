#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_acosh, follows_its_formula) {
  check_op({"acosh",
            {},
            {floats({1, 1.0009765625, 2, 7.5, 100})},
            floats({0, 0.044190578083110096, 1.3169578969248168, 2.703575830931402, 5.298292365610485}),
            1e-11});
}

TEST(op_acosh, gives_nan_and_infinity_where_it_has_no_value) {
  check_op({"acosh", {}, {floats({0.5, -2, kInfinity, kNan})}, floats({kNan, kNan, kInfinity, kNan})});
}

TEST(op_acosh, takes_any_number_of_elements) {
  check_op({"acosh", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("acosh", {}, {random_floats({3, 5, 67}, 1, 0.01, 0.99)});
}

TEST(op_acosh, integers_are_refused) {
  expect_rejected("acosh", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
