#include "cornu/dtype.h"

#include <array>
#include <memory>
#include <string>

namespace cornu {
namespace {

struct Row {
  DType dtype;
  std::string_view name;
  int64_t size;
};

constexpr std::array<Row, 18> kRows = {{
    {DType::float32, "float32", 4},
    {DType::float64, "float64", 8},
    {DType::float16, "float16", 2},
    {DType::bfloat16, "bfloat16", 2},
    {DType::int8, "int8", 1},
    {DType::int16, "int16", 2},
    {DType::int32, "int32", 4},
    {DType::int64, "int64", 8},
    {DType::uint8, "uint8", 1},
    {DType::uint16, "uint16", 2},
    {DType::uint32, "uint32", 4},
    {DType::uint64, "uint64", 8},
    {DType::boolean, "bool", 1},
    {DType::complex64, "complex64", 8},
    {DType::complex128, "complex128", 16},
    {DType::string, "string", sizeof(std::string)},
    {DType{16}, "variant", sizeof(std::shared_ptr<const void>)},  // tensor/variant.h
    {DType{17}, "untyped", 1},                                    // dynamic/dynamic_op.h
}};

const Row& row(DType dtype) {
  return kRows[static_cast<size_t>(dtype)];
}

}  // namespace

int64_t dtype_size(DType dtype) noexcept {
  return row(dtype).size;
}

std::string_view dtype_name(DType dtype) noexcept {
  return row(dtype).name;
}

std::optional<DType> dtype_from_name(std::string_view name) noexcept {
  for (const Row& r : kRows) {
    if (r.name == name) return r.dtype;
  }
  if (name == "half") return DType::float16;
  if (name == "float") return DType::float32;
  if (name == "double") return DType::float64;
  if (name == "int") return DType::int32;
  if (name == "boolean") return DType::boolean;
  return std::nullopt;
}

bool dtype_is_floating(DType dtype) noexcept {
  return dtype <= DType::bfloat16;
}

bool dtype_is_integer(DType dtype) noexcept {
  return dtype >= DType::int8 && dtype <= DType::uint64;
}

}  // namespace cornu
