#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_sign, gives_minus_one_zero_or_one) {
  check_op({"sign", {}, {floats({1.5, -0.0, -2, -kInfinity, kNan})}, floats({1, 0, -1, -1, kNan})});
  check_op({"sign", {}, {ints({3, -4, 0})}, ints({1, -1, 0})});
  check_op({"sign", {}, {ints({200, 0}, {2}, DType::uint8)}, ints({1, 0}, {2}, DType::uint8)});
}

TEST(op_sign, bools_are_refused) {
  expect_rejected("sign", {}, {{DType::boolean, {2}}}, "real numbers");
}

}  // namespace
}  // namespace cornu::test
