#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_square, multiplies_by_itself) {
  check_op({"square", {}, {floats({1.5, -2, -kInfinity, kNan})}, floats({2.25, 4, kInfinity, kNan})});
  check_op({"square", {}, {ints({3, -4})}, ints({9, 16})});
}

TEST(op_square, integers_wrap_around) {
  check_op({"square", {}, {ints({65537})}, ints({131073})});
}

TEST(op_square, bools_are_refused) {
  expect_rejected("square", {}, {{DType::boolean, {2}}}, "real numbers");
}

}  // namespace
}  // namespace cornu::test
