#include <memory>
#include <vector>

#include "base/fail.h"
#include "bindings.h"
#include "tensor/tensor.h"

namespace nb = nanobind;

namespace cornu::python {
namespace {

using nb::dlpack::dtype_code;

constexpr int kByteBits = 8;

struct TypePair {
  DType dtype;
  dtype_code code;
};
constexpr TypePair kTypes[] = {
    {DType::float32, dtype_code::Float},      {DType::float64, dtype_code::Float},
    {DType::float16, dtype_code::Float},      {DType::bfloat16, dtype_code::Bfloat},
    {DType::int8, dtype_code::Int},           {DType::int16, dtype_code::Int},
    {DType::int32, dtype_code::Int},          {DType::int64, dtype_code::Int},
    {DType::uint8, dtype_code::UInt},         {DType::uint16, dtype_code::UInt},
    {DType::uint32, dtype_code::UInt},        {DType::uint64, dtype_code::UInt},
    {DType::boolean, dtype_code::Bool},       {DType::complex64, dtype_code::Complex},
    {DType::complex128, dtype_code::Complex},
};

nb::dlpack::dtype dlpack_type(DType dtype) {
  for (const TypePair& pair : kTypes) {
    if (pair.dtype == dtype)
      return {static_cast<uint8_t>(pair.code), static_cast<uint8_t>(dtype_size(dtype) * kByteBits), 1};
  }
  fail(ErrorCode::unsupported, "predict", "outputs of type {} cannot become NumPy arrays yet",
       dtype_name(dtype));
}

}  // namespace

Array to_array(const InputArray& array) {
  Array result;
  const nb::dlpack::dtype type = array.dtype();
  bool known = false;
  for (const TypePair& pair : kTypes) {
    if (static_cast<uint8_t>(pair.code) != type.code || dtype_size(pair.dtype) * kByteBits != type.bits)
      continue;
    result.dtype = pair.dtype;
    known = true;
  }
  if (!known)
    fail(ErrorCode::bad_shape, "x", "elements of type code {} and {} bits are no model's input", type.code,
         type.bits);
  for (size_t axis = 0; axis < array.ndim(); ++axis)
    result.shape.push_back(static_cast<int64_t>(array.shape(axis)));
  result.data = static_cast<const std::byte*>(array.data());
  return result;  // the caller's list keeps the array alive
}

nb::object to_numpy(const Array& array) {
  Array given = array;
  if (array.dtype == DType::bfloat16) {
    const Tensor wide =
        cast_tensor({array.dtype, Shape(array.shape), array.data, array.owner, false}, DType::float32);
    given = {wide.dtype, array.shape, wide.data, wide.owner};
  }
  auto owner = std::make_unique<std::shared_ptr<const void>>(given.owner);
  const nb::capsule keeper(
      owner.get(), [](void* pointer) noexcept { delete static_cast<std::shared_ptr<const void>*>(pointer); });
  (void)owner.release();  // the capsule deletes it
  const std::vector<size_t> shape(given.shape.begin(), given.shape.end());
  auto* data = const_cast<std::byte*>(given.data);  // fresh memory of the answer, which nobody else holds
  return nb::cast(
      nb::ndarray<nb::numpy>(data, shape.size(), shape.data(), keeper, nullptr, dlpack_type(given.dtype)));
}

nb::object text(const std::string& bytes) {
  return nb::steal(PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
}

}  // namespace cornu::python
