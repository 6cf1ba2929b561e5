#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_silu, follows_its_formula) {
  check_op({"silu",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-4.122307236380407e-08, -0.10259280762974712, -0.14227761953270035, -0.2384058440442351,
                    -0.2689414213699951, -0.24061597561845527, -0.1887703343990727, -0.10945587477855048, 0,
                    0.06640117167171954, 0.3112296656009273, 0.7310585786300049, 1.2263617142904655,
                    1.7615941559557646, 2.8577223804672998, 4.190229585066207, 19.999999958776925})});
}

TEST(op_silu, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"silu", {}, {floats({kNan, kInfinity})}, floats({kNan, kInfinity})});
}

TEST(op_silu, takes_any_number_of_elements) {
  check_op({"silu", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("silu", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_silu, integers_are_refused) {
  expect_rejected("silu", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
