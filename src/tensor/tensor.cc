#include "tensor/tensor.h"

#include <algorithm>

#include "base/fail.h"
#include "base/half.h"
#include "base/kernel.h"

namespace cornu {
namespace {

template <class Out, class In, class Convert>
std::vector<Out> convert_all(const Tensor& tensor, Convert convert) {
  const int64_t count = tensor.shape.elements();
  std::vector<Out> out(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) out[static_cast<size_t>(i)] = convert(load_at<In>(tensor.data, i));
  return out;
}

template <class Out>
std::vector<Out> to_numbers(const Tensor& tensor) {
  const auto plain = [](auto value) { return static_cast<Out>(value); };
  switch (tensor.dtype) {
    case DType::float32:
      return convert_all<Out, float>(tensor, plain);
    case DType::float64:
      return convert_all<Out, double>(tensor, plain);
    case DType::float16:
      return convert_all<Out, Half>(tensor, [](Half v) { return static_cast<Out>(to_float(v)); });
    case DType::bfloat16:
      return convert_all<Out, BFloat16>(tensor, [](BFloat16 v) { return static_cast<Out>(to_float(v)); });
    case DType::int8:
      return convert_all<Out, int8_t>(tensor, plain);
    case DType::int16:
      return convert_all<Out, int16_t>(tensor, plain);
    case DType::int32:
      return convert_all<Out, int32_t>(tensor, plain);
    case DType::int64:
      return convert_all<Out, int64_t>(tensor, plain);
    case DType::uint8:
    case DType::boolean:
      return convert_all<Out, uint8_t>(tensor, plain);
    case DType::uint16:
      return convert_all<Out, uint16_t>(tensor, plain);
    case DType::uint32:
      return convert_all<Out, uint32_t>(tensor, plain);
    case DType::uint64:
      return convert_all<Out, uint64_t>(tensor, plain);
    default:
      fail(ErrorCode::bad_shape, "", "a {} tensor has no real numbers", dtype_name(tensor.dtype));
  }
}

template <class T>
void store(std::byte* out, size_t i, T value) {
  std::memcpy(out + i * sizeof(T), &value, sizeof(T));
}

void store_number(std::byte* out, size_t i, DType dtype, double value) {
  switch (dtype) {
    case DType::float32:
      return store(out, i, static_cast<float>(value));
    case DType::float64:
      return store(out, i, value);
    case DType::float16:
      return store(out, i, to_half(static_cast<float>(value)));
    case DType::bfloat16:
      return store(out, i, to_bfloat16(static_cast<float>(value)));
    case DType::int8:
      return store(out, i, static_cast<int8_t>(value));
    case DType::int16:
      return store(out, i, static_cast<int16_t>(value));
    case DType::int32:
      return store(out, i, static_cast<int32_t>(value));
    case DType::int64:
      return store(out, i, static_cast<int64_t>(value));
    case DType::uint8:
      return store(out, i, static_cast<uint8_t>(value));
    case DType::boolean:
      return store(out, i, static_cast<uint8_t>(value != 0));
    case DType::uint16:
      return store(out, i, static_cast<uint16_t>(value));
    case DType::uint32:
      return store(out, i, static_cast<uint32_t>(value));
    case DType::uint64:
      return store(out, i, static_cast<uint64_t>(value));
    default:
      fail(ErrorCode::bad_shape, "", "a number cannot be stored as {}", dtype_name(dtype));
  }
}

}  // namespace

NewTensor new_tensor(DType dtype, const Shape& shape) {
  Tensor tensor{dtype, shape, nullptr, nullptr, false};
  auto storage =
      std::make_shared<HeapStorage>(static_cast<size_t>(std::max<int64_t>(tensor.size_bytes(), 1)));
  std::byte* data = storage->data();
  tensor.data = data;
  tensor.owner = std::move(storage);
  return {std::move(tensor), data};
}

Tensor tensor_of(std::span<const float> values, const Shape& shape) {
  NewTensor out = new_tensor(DType::float32, shape);
  if (!values.empty())
    std::memcpy(out.data, values.data(), values.size_bytes());  // memcpy takes no null pointer
  return out.tensor;
}

Tensor tensor_of_ints(std::span<const int64_t> values, const Shape& shape, DType dtype) {
  NewTensor out = new_tensor(dtype, shape);
  for (size_t i = 0; i < values.size(); ++i) {
    if (dtype == DType::int64) {
      store(out.data, i, values[i]);
    } else {
      store_number(out.data, i, dtype, static_cast<double>(values[i]));
    }
  }
  return out.tensor;
}

Tensor scalar(double value, DType dtype) {
  NewTensor out = new_tensor(dtype, {});
  store_number(out.data, 0, dtype, value);
  return out.tensor;
}

Tensor string_tensor(std::vector<std::string> values, const Shape& shape) {
  auto owner = std::make_shared<const std::vector<std::string>>(std::move(values));
  const auto* data = reinterpret_cast<const std::byte*>(owner->data());
  return {DType::string, shape, data, std::move(owner), false};
}

std::vector<double> to_doubles(const Tensor& tensor) {
  return to_numbers<double>(tensor);
}

std::vector<int64_t> to_ints(const Tensor& tensor) {
  return to_numbers<int64_t>(tensor);
}

Tensor cast_tensor(const Tensor& tensor, DType dtype) {
  if (tensor.dtype == dtype) return tensor;
  NewTensor out = new_tensor(dtype, tensor.shape);
  const std::vector<double> values = to_doubles(tensor);
  for (size_t i = 0; i < values.size(); ++i) store_number(out.data, i, dtype, values[i]);
  return out.tensor;
}

}  // namespace cornu
