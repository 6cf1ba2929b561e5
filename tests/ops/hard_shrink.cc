#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_hard_shrink, follows_its_formula) {
  check_op({"hard_shrink",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-20, -3.5, -3, -2, -1, -0.75, 0, 0, 0, 0, 0, 1, 1.5, 2, 3, 4.25, 20}),
            1e-12});
  check_op({"hard_shrink",
            {{"threshold", 1.0}},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-20, -3.5, -3, -2, 0, 0, 0, 0, 0, 0, 0, 0, 1.5, 2, 3, 4.25, 20}),
            1e-12});
}

TEST(op_hard_shrink, keeps_nan) {
  check_op({"hard_shrink", {}, {floats({kNan})}, floats({kNan})});
}

TEST(op_hard_shrink, takes_any_number_of_elements) {
  check_op({"hard_shrink", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("hard_shrink", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_hard_shrink, integers_are_refused) {
  expect_rejected("hard_shrink", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
