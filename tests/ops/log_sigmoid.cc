#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_log_sigmoid, follows_its_formula) {
  check_op({"log_sigmoid",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-20.000000002061153, -3.5297504182726205, -3.048587351573742, -2.1269280110429727,
                    -1.3132616875182228, -1.1368710061148999, -0.9740769841801067, -0.8259394198788436,
                    -0.6931471805599453, -0.6325990353171691, -0.4740769841801067, -0.31326168751822286,
                    -0.2014132779827524, -0.1269280110429725, -0.04858735157374206, -0.014163456931504975,
                    -2.061153620314381e-09})});
}

TEST(op_log_sigmoid, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"log_sigmoid", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, 0, -kInfinity})});
}

TEST(op_log_sigmoid, takes_any_number_of_elements) {
  check_op({"log_sigmoid", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("log_sigmoid", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_log_sigmoid, integers_are_refused) {
  expect_rejected("log_sigmoid", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
