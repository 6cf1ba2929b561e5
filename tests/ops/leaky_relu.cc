#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_leaky_relu, follows_its_formula) {
  check_op({"leaky_relu",
            {{"slope", 0.3}},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-6, -1.05, -0.8999999999999999, -0.6, -0.3, -0.22499999999999998, -0.15, -0.075, 0, 0.125,
                    0.5, 1, 1.5, 2, 3, 4.25, 20}),
            1e-12});
  check_op({"leaky_relu",
            {{"slope", 0.0}},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({0, 0, 0, 0, 0, 0, 0, 0, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20}),
            1e-12});
  check_op({"leaky_relu",
            {{"slope", -1.0}},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({20, 3.5, 3, 2, 1, 0.75, 0.5, 0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20}),
            1e-12});
}

TEST(op_leaky_relu, keeps_nan) {
  check_op({"leaky_relu", {{"slope", 0.3}}, {floats({kNan})}, floats({kNan})});
}

TEST(op_leaky_relu, takes_any_number_of_elements) {
  check_op({"leaky_relu", {{"slope", 0.3}}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("leaky_relu", {{"slope", 0.3}}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_leaky_relu, integers_are_refused) {
  expect_rejected("leaky_relu", {{"slope", 0.3}}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
