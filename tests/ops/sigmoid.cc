#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_sigmoid, follows_its_formula) {
  check_op({"sigmoid",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({2.0611536181902037e-09, 0.02931223075135632, 0.04742587317756678, 0.11920292202211755,
                    0.2689414213699951, 0.320821300824607, 0.3775406687981454, 0.43782349911420193, 0.5,
                    0.5312093733737563, 0.6224593312018546, 0.7310585786300049, 0.8175744761936437,
                    0.8807970779778823, 0.9525741268224334, 0.9859363729567544, 0.9999999979388463})});
}

TEST(op_sigmoid, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"sigmoid", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, 1, 0})});
}

TEST(op_sigmoid, takes_any_number_of_elements) {
  check_op({"sigmoid", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("sigmoid", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_sigmoid, integers_are_refused) {
  expect_rejected("sigmoid", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
