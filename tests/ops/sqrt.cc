#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_sqrt, follows_its_formula) {
  check_op({"sqrt",
            {},
            {floats({0, 0.001, 0.25, 0.5, 1, 2, 7.5, 100})},
            floats({0, 0.03162277660168379, 0.5, 0.7071067811865476, 1, 1.4142135623730951,
                    2.7386127875258306, 10}),
            1e-11});
}

TEST(op_sqrt, gives_nan_and_infinity_where_it_has_no_value) {
  check_op({"sqrt", {}, {floats({-1, kInfinity, kNan})}, floats({kNan, kInfinity, kNan})});
}

TEST(op_sqrt, takes_any_number_of_elements) {
  check_op({"sqrt", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("sqrt", {}, {random_floats({3, 5, 67}, 1, 0.01, 0.99)});
}

TEST(op_sqrt, integers_are_refused) {
  expect_rejected("sqrt", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
