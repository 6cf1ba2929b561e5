#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_log1p, follows_its_formula) {
  check_op({"log1p",
            {},
            {floats({-1, -0.5, 0, 0.001, 0.25, 0.5, 1, 2, 7.5, 100})},
            floats({-kInfinity, -0.6931471805599453, 0, 0.0009995003330835331, 0.22314355131420976,
                    0.4054651081081644, 0.6931471805599453, 1.0986122886681098, 2.1400661634962708,
                    4.61512051684126}),
            1e-11});
}

TEST(op_log1p, gives_nan_and_infinity_where_it_has_no_value) {
  check_op({"log1p", {}, {floats({-2, kInfinity, kNan})}, floats({kNan, kInfinity, kNan})});
}

TEST(op_log1p, takes_any_number_of_elements) {
  check_op({"log1p", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("log1p", {}, {random_floats({3, 5, 67}, 1, 0.01, 0.99)});
}

TEST(op_log1p, integers_are_refused) {
  expect_rejected("log1p", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
