// Arithmetic on sizes that come from files: overflow is an error, never a wrap.
#pragma once

#include <cstdint>
#include <string>

#include "base/fail.h"

namespace cornu {

// a + b. Throws bad_file at `where` on overflow.
inline int64_t checked_add(int64_t a, int64_t b, const std::string& where) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) fail(ErrorCode::bad_file, where, "the sum {} + {} overflows", a, b);
  return sum;
}

// a * b. Throws bad_file at `where` on overflow.
inline int64_t checked_mul(int64_t a, int64_t b, const std::string& where) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product))
    fail(ErrorCode::bad_file, where, "the product {} * {} overflows", a, b);
  return product;
}

}  // namespace cornu
