#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_softplus, follows_its_formula) {
  check_op({"softplus",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({2.061153620314381e-09, 0.029750418272620566, 0.04858735157374206, 0.1269280110429725,
                    0.31326168751822286, 0.38687100611489994, 0.4740769841801067, 0.5759394198788436,
                    0.6931471805599453, 0.7575990353171691, 0.9740769841801067, 1.3132616875182228,
                    1.7014132779827524, 2.1269280110429727, 3.048587351573742, 4.264163456931505,
                    20.000000002061153})});
}

TEST(op_softplus, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"softplus", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, 0})});
}

TEST(op_softplus, takes_any_number_of_elements) {
  check_op({"softplus", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("softplus", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_softplus, integers_are_refused) {
  expect_rejected("softplus", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
