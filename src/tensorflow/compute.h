// Families of ops that are computed on concrete tensors in the run: a table of functions, and elements as vectors.
#pragma once

#include <array>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {

using Tensors = std::vector<Tensor>;

// One op of a family.
struct ComputeRow {
  std::string_view name;
  size_t inputs;  // the least number of them
  Tensors (*run)(const NodeDef& node, Tensors& in);
  std::string_view outputs =
      {};  // names of the output arguments, one tensor each, where there are several: "values indices"
  // float16 and bfloat16 inputs come as float32, and what the op makes of them in float32 is rounded back. Ops that only
  // move elements, or give float32 whatever they take, do that themselves.
  bool halves = true;
};

// Runs the row of a node. Throws bad_file if inputs are missing, and what the row throws.
Tensors run_row(std::span<const ComputeRow> rows, const NodeDef& node, dynamic::Call& call);
size_t output_of(std::span<const ComputeRow> rows, const NodeDef& node, std::string_view output);

template <size_t N>
constexpr std::array<std::string_view, N> names_of(const ComputeRow (&rows)[N]) {
  std::array<std::string_view, N> names{};
  for (size_t i = 0; i < N; ++i) names[i] = rows[i].name;
  return names;
}

// Throws bad_shape with a sentence if the condition does not hold.
template <class... Args>
void need(bool condition, fmt::format_string<Args...> format, Args&&... args) {
  if (!condition) fail(ErrorCode::bad_shape, "", "{}", fmt::format(format, std::forward<Args>(args)...));
}
void need_type(const Tensor& tensor, DType dtype, const char* what);
void need_number(const Tensor& tensor, const char* what);  // integer, floating or bool
void need_rank(const Tensor& tensor, int rank, const char* what);

// The elements, stored as T (bool: uint8_t). Throws internal if T has another size.
template <class T>
std::vector<T> elements(const Tensor& tensor) {
  if (static_cast<int64_t>(sizeof(T)) != dtype_size(tensor.dtype))
    fail(ErrorCode::internal, "", "elements of {} are read with {} bytes", dtype_name(tensor.dtype),
         sizeof(T));
  std::vector<T> values(static_cast<size_t>(tensor.shape.elements()));
  if (!values.empty()) std::memcpy(values.data(), tensor.data, values.size() * sizeof(T));
  return values;
}

template <class T>
Tensor tensor_from(const std::vector<T>& values, const Shape& shape, DType dtype) {
  if (static_cast<int64_t>(values.size()) != shape.elements() ||
      static_cast<int64_t>(sizeof(T)) != dtype_size(dtype))
    fail(ErrorCode::internal, "", "{} elements do not make a {} of shape {}", values.size(),
         dtype_name(dtype), shape.to_string());
  NewTensor out = new_tensor(dtype, shape);
  if (!values.empty()) std::memcpy(out.data, values.data(), values.size() * sizeof(T));
  return out.tensor;
}

// Numbers converted to `dtype`.
Tensor tensor_of_doubles(const std::vector<double>& values, const Shape& shape, DType dtype);
// The one element of an input. Throws bad_shape if there are more.
int64_t one_int(const Tensor& tensor, const char* what);
double one_double(const Tensor& tensor, const char* what);

// Rows of `row` elements of x, of any type, by number; -1: zeros or empty strings.
Tensor pick(const Tensor& x, const std::vector<int64_t>& numbers, const Shape& shape, int64_t row = 1);
Tensor zeros(DType dtype, const Shape& shape);  // strings: empty ones
Tensor reshaped(Tensor tensor, const Shape& shape);
// x's axes [first, last).
Shape sub_shape(const Shape& x, int first, int last);
Shape joined(const Shape& a, const Shape& b);

}  // namespace cornu::tensorflow
