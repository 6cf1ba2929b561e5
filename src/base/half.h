// float16 and bfloat16 as stored bits, converted to and from float with round to nearest even (IEEE 754).
#pragma once

#include <bit>
#include <cstdint>

namespace cornu {

struct Half {
  uint16_t bits = 0;
};
struct BFloat16 {
  uint16_t bits = 0;
};

inline float to_float(BFloat16 value) {
  return std::bit_cast<float>(static_cast<uint32_t>(value.bits) << 16);
}

inline BFloat16 to_bfloat16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffffU) > 0x7f800000U)
    return {static_cast<uint16_t>((bits >> 16) | 0x40U)};  // NaN stays quiet NaN
  return {static_cast<uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16)};
}

// Integer arithmetic, for not every compiler has a 16-bit float type. Exact: every float16 is a float.
inline float to_float(Half value) {
  const uint32_t sign = (value.bits & 0x8000U) << 16;
  const uint32_t exponent = value.bits >> 10 & 0x1fU;
  const uint32_t mantissa = value.bits & 0x3ffU;
  if (exponent == 0) {  // zero or subnormal: mantissa * 2^-24
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
    return std::bit_cast<float>(std::bit_cast<uint32_t>(magnitude) | sign);
  }
  const uint32_t wide_exponent =
      exponent == 0x1f ? 0xffU : exponent + (127 - 15);  // the biases of the two types
  return std::bit_cast<float>(sign | wide_exponent << 23 | mantissa << 13);
}

inline Half to_half(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const auto sign = static_cast<uint16_t>(bits >> 16 & 0x8000U);
  const uint32_t magnitude = bits & 0x7fffffffU;
  uint32_t half = 0;
  if (magnitude > 0x7f800000U) {
    half = 0x7e00U | (magnitude >> 13 & 0x3ffU);  // NaN stays quiet NaN
  } else if (magnitude >= 0x477ff000U) {
    half = 0x7c00U;  // from 65520, the middle between the largest float16 and 2^16: infinity
  } else if (magnitude < 0x38800000U) {
    // Below 2^-14 the result counts in steps of 2^-24, which is the step of floats from 0.5 to 1: adding 0.5
    // rounds.
    half = std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) - std::bit_cast<uint32_t>(0.5F);
  } else {
    const uint32_t odd = magnitude >> 13 & 1U;
    half = (magnitude - ((127 - 15) << 23) + 0xfffU + odd) >> 13;
  }
  return {static_cast<uint16_t>(sign | half)};
}

}  // namespace cornu
