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

#if defined(__FLT16_MANT_DIG__)
inline float to_float(Half value) {
  return static_cast<float>(std::bit_cast<_Float16>(value.bits));
}
inline Half to_half(float value) {
  return {std::bit_cast<uint16_t>(static_cast<_Float16>(value))};
}
#else
float to_float(Half value);
Half to_half(float value);
#endif

}  // namespace cornu
