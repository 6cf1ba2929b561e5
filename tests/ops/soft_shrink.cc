#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_soft_shrink, follows_its_formula) {
  check_op({"soft_shrink",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-19.5, -3, -2.5, -1.5, -0.5, -0.25, 0, 0, 0, 0, 0, 0.5, 1, 1.5, 2.5, 3.75, 19.5}),
            1e-12});
  check_op({"soft_shrink",
            {{"threshold", 1.0}},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-19, -2.5, -2, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 1, 2, 3.25, 19}),
            1e-12});
}

TEST(op_soft_shrink, keeps_nan) {
  check_op({"soft_shrink", {}, {floats({kNan})}, floats({kNan})});
}

TEST(op_soft_shrink, takes_any_number_of_elements) {
  check_op({"soft_shrink", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("soft_shrink", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_soft_shrink, integers_are_refused) {
  expect_rejected("soft_shrink", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
