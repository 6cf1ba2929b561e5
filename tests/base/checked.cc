#include "base/checked.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/expect_error.h"

namespace cornu {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(Checked, sums_and_products_that_fit_are_exact) {
  EXPECT_EQ(checked_add(kMax - 1, 1, "f"), kMax);
  EXPECT_EQ(checked_add(-5, 3, "f"), -2);
  EXPECT_EQ(checked_mul(int64_t{1} << 31, int64_t{1} << 31, "f"), int64_t{1} << 62);
  EXPECT_EQ(checked_mul(0, kMax, "f"), 0);
}

TEST(Checked, overflow_is_bad_file_with_both_numbers_and_the_place) {
  test::expect_error(
      ErrorCode::bad_file, [] { checked_add(kMax, 1, "a.h5"); }, "a.h5: the sum 9223372036854775807 + 1");
  test::expect_error(
      ErrorCode::bad_file, [] { checked_add(kMin, -1, "a.h5"); }, "overflows");
  test::expect_error(
      ErrorCode::bad_file, [] { checked_mul(int64_t{1} << 32, int64_t{1} << 31, "a.h5"); }, "the product");
  test::expect_error(
      ErrorCode::bad_file, [] { checked_mul(kMin, -1, "a.h5"); }, "overflows");
}

}  // namespace
}  // namespace cornu
