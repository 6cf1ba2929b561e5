#include "base/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cornu {
namespace {

TEST(Half, every_float16_survives_the_way_through_float) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const Half half{static_cast<uint16_t>(bits)};
    const float value = to_float(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(to_float(to_half(value)))) << bits;
    } else {
      EXPECT_EQ(to_half(value).bits, half.bits) << bits;
    }
  }
}

TEST(Half, every_bfloat16_survives_the_way_through_float) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const BFloat16 number{static_cast<uint16_t>(bits)};
    const float value = to_float(number);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(to_float(to_bfloat16(value)))) << bits;
    } else {
      EXPECT_EQ(to_bfloat16(value).bits, number.bits) << bits;
    }
  }
}

TEST(Half, known_values_have_their_ieee_bits) {
  EXPECT_EQ(to_half(1.0F).bits, 0x3c00);
  EXPECT_EQ(to_half(-2.0F).bits, 0xc000);
  EXPECT_EQ(to_half(65504.0F).bits, 0x7bff) << "the largest";
  EXPECT_EQ(to_half(std::ldexp(1.0F, -24)).bits, 0x0001) << "the smallest subnormal";
  EXPECT_EQ(to_bfloat16(1.0F).bits, 0x3f80);
  EXPECT_EQ(to_bfloat16(-0.0F).bits, 0x8000);
}

TEST(Half, ties_round_to_even) {
  EXPECT_EQ(to_half(2049.0F).bits, to_half(2048.0F).bits);
  EXPECT_EQ(to_half(2051.0F).bits, to_half(2052.0F).bits);
  EXPECT_EQ(to_bfloat16(257.0F).bits, to_bfloat16(256.0F).bits);
  EXPECT_EQ(to_bfloat16(259.0F).bits, to_bfloat16(260.0F).bits);
}

TEST(Half, too_large_numbers_become_infinity) {
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(to_float(to_half(65520.0F)), infinity) << "from the middle between the largest and 65536";
  EXPECT_EQ(to_float(to_half(65519.0F)), 65504.0F);
  EXPECT_EQ(to_float(to_half(-1e10F)), -infinity);
  EXPECT_EQ(to_float(to_bfloat16(std::numeric_limits<float>::max())), infinity);
  EXPECT_EQ(to_float(to_bfloat16(infinity)), infinity);
}

}  // namespace
}  // namespace cornu
