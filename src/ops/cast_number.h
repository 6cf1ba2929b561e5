// Conversion of a number to an element type without undefined behaviour.
#pragma once

#include <limits>

#include "ops/move.h"

namespace cornu::ops {

// float to integer cuts toward zero, beyond the range gives its end and NaN gives 0; integers wrap around;
// floats round.
template <class To, class From>
To cast_number(From value) {
  if constexpr (std::is_same_v<To, Half>) {
    return to_half(static_cast<float>(value));
  } else if constexpr (std::is_same_v<To, BFloat16>) {
    return to_bfloat16(static_cast<float>(value));
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Limits = std::numeric_limits<To>;
    if (value != value) return 0;
    if (value <= static_cast<From>(Limits::min())) return Limits::min();
    // max() of wide types rounds up to a power of two as a float, which is already outside.
    return value >= static_cast<From>(Limits::max()) ? Limits::max() : static_cast<To>(value);
  } else {
    return static_cast<To>(value);
  }
}

// Calls fn with a zero of the type; also for the types that are stored in 16 bits. Bools are uint8_t.
template <class Fn>
auto with_stored_type(DType dtype, Fn&& fn) {
  if (dtype == DType::float16) return fn(Half{});
  if (dtype == DType::bfloat16) return fn(BFloat16{});
  return with_number_type(dtype, fn);
}

// The bytes of `value` as one element, in the first places; any non-zero value is true as a bool.
inline Bytes16 element_bytes(double value, DType dtype) {
  Bytes16 bytes{};
  if (dtype == DType::boolean) value = value != 0 ? 1 : 0;
  with_stored_type(dtype, [&](auto zero) {
    const auto element = cast_number<decltype(zero)>(value);
    std::memcpy(&bytes, &element, sizeof(element));
  });
  return bytes;
}

}  // namespace cornu::ops
