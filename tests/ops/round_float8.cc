#include <cmath>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_round_float8, keeps_four_significant_bits_ties_to_even) {
  check_op({"round_float8",
            {},
            {floats({1, 1.0625, 1.1875, -1.1, 447, 250})},
            floats({1, 1, 1.25, -1.125, 448, 256})});
}

TEST(op_round_float8, small_numbers_are_multiples_of_2_to_the_minus_9) {
  const float step = std::ldexp(1.0F, -9);
  check_op({"round_float8",
            {},
            {floats({step, 0.5F * step, 1.5F * step, 0.4F * step, 7.6F * step})},
            floats({step, 0, 2 * step, 0, 8 * step})});
}

TEST(op_round_float8, integers_are_refused) {
  expect_rejected("round_float8", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
