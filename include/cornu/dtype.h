// Element types of tensors, with NumPy's and TensorFlow's names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cornu {

// `string` elements are std::string objects; every other type is plain little-endian bytes. `boolean` is one
// byte, 0 or 1.
enum class DType : uint8_t {
  float32,
  float64,
  float16,
  bfloat16,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  boolean,
  complex64,
  complex128,
  string,
};

// Bytes of one element; sizeof(std::string) for strings.
int64_t dtype_size(DType dtype) noexcept;
// "float32", ..., "bool", "complex64", "string".
std::string_view dtype_name(DType dtype) noexcept;
// The type of a NumPy/Keras/TensorFlow name ("float32", "half", "bool", "<f4" is not one); nothing if
// unknown.
std::optional<DType> dtype_from_name(std::string_view name) noexcept;
// float16, bfloat16, float32, float64.
bool dtype_is_floating(DType dtype) noexcept;
// int8 ... uint64; not boolean.
bool dtype_is_integer(DType dtype) noexcept;

}  // namespace cornu
