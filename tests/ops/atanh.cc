#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_atanh, follows_its_formula) {
  check_op({"atanh",
            {},
            {floats({-1, -0.9, -0.5, 0, 0.001, 0.5, 0.99, 1})},
            floats({-kInfinity, -1.4722194895832204, -0.5493061443340549, 0, 0.0010000003333335333,
                    0.5493061443340549, 2.6466524123622457, kInfinity}),
            1e-11});
}

TEST(op_atanh, gives_nan_and_infinity_where_it_has_no_value) {
  check_op({"atanh", {}, {floats({-1.5, 2, kNan})}, floats({kNan, kNan, kNan})});
}

TEST(op_atanh, takes_any_number_of_elements) {
  check_op({"atanh", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("atanh", {}, {random_floats({3, 5, 67}, 1, 0.01, 0.99)});
}

TEST(op_atanh, integers_are_refused) {
  expect_rejected("atanh", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
