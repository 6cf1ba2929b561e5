#include <algorithm>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

const ComputeRow& row_of(std::span<const ComputeRow> rows, const NodeDef& node) {
  return *std::find_if(rows.begin(), rows.end(), [&](const ComputeRow& row) { return row.name == node.op; });
}

bool is_half(DType dtype) {
  return dtype == DType::float16 || dtype == DType::bfloat16;
}

}  // namespace

Tensors run_row(std::span<const ComputeRow> rows, const NodeDef& node, dynamic::Call& call) {
  const ComputeRow& row = row_of(rows, node);
  Tensors& in = call.in;
  if (in.size() < row.inputs)
    fail(ErrorCode::bad_file, "", "{} takes {} inputs, received {}", node.op, row.inputs, in.size());
  if (!row.halves) return row.run(node, in);
  DType half = DType::float32;
  for (Tensor& input : in) {
    if (!is_half(input.dtype)) continue;
    half = input.dtype;
    input = cast_tensor(input, DType::float32);
  }
  Tensors out = row.run(node, in);
  for (Tensor& result : out) {
    if (half != DType::float32 && result.dtype == DType::float32) result = cast_tensor(result, half);
  }
  return out;
}

size_t output_of(std::span<const ComputeRow> rows, const NodeDef& node, std::string_view output) {
  std::string_view rest = row_of(rows, node).outputs;
  for (size_t number = 0; !rest.empty(); ++number) {
    const size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == output) return number;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return 0;
}

void need_type(const Tensor& tensor, DType dtype, const char* what) {
  need(tensor.dtype == dtype, "{} is {}, it must be {}", what, dtype_name(tensor.dtype), dtype_name(dtype));
}

void need_number(const Tensor& tensor, const char* what) {
  need(dtype_is_integer(tensor.dtype) || dtype_is_floating(tensor.dtype) || tensor.dtype == DType::boolean,
       "{} is {}, numbers are needed", what, dtype_name(tensor.dtype));
}

void need_rank(const Tensor& tensor, int rank, const char* what) {
  need(tensor.shape.rank() == rank, "{} has shape {}, {} axes are needed", what, tensor.shape.to_string(),
       rank);
}

Tensor tensor_of_doubles(const std::vector<double>& values, const Shape& shape, DType dtype) {
  return cast_tensor(tensor_from(values, shape, DType::float64), dtype);
}

int64_t one_int(const Tensor& tensor, const char* what) {
  need(dtype_is_integer(tensor.dtype) && tensor.shape.elements() == 1,
       "{} is a {} of shape {}, one integer is needed", what, dtype_name(tensor.dtype),
       tensor.shape.to_string());
  return to_ints(tensor)[0];
}

double one_double(const Tensor& tensor, const char* what) {
  need_number(tensor, what);
  need(tensor.shape.elements() == 1, "{} has shape {}, one number is needed", what, tensor.shape.to_string());
  return to_doubles(tensor)[0];
}

Tensor zeros(DType dtype, const Shape& shape) {
  if (dtype == DType::string)
    return string_tensor(std::vector<std::string>(static_cast<size_t>(shape.elements())), shape);
  return new_tensor(dtype, shape).tensor;
}

Tensor pick(const Tensor& x, const std::vector<int64_t>& numbers, const Shape& shape, int64_t row) {
  const int64_t rows = row == 0 ? 0 : x.shape.elements() / row;
  if (static_cast<int64_t>(numbers.size()) * row != shape.elements())
    fail(ErrorCode::internal, "", "{} rows of {} do not make {}", numbers.size(), row, shape.to_string());
  for (int64_t number : numbers)
    need(number < rows || row == 0, "row {} is outside of a tensor of {} rows", number, rows);
  if (x.dtype == DType::string) {
    std::vector<std::string> out(static_cast<size_t>(shape.elements()));
    const auto from = strings_of(x);
    for (size_t i = 0; i < out.size(); ++i) {
      const int64_t at = static_cast<int64_t>(i);
      if (numbers[i / static_cast<size_t>(row)] >= 0)
        out[i] = from[static_cast<size_t>(numbers[static_cast<size_t>(at / row)] * row + at % row)];
    }
    return string_tensor(std::move(out), shape);
  }
  NewTensor out = new_tensor(x.dtype, shape);
  const int64_t bytes = row * dtype_size(x.dtype);
  for (size_t i = 0; i < numbers.size() && bytes > 0; ++i) {
    if (numbers[i] >= 0)
      std::memcpy(out.data + static_cast<int64_t>(i) * bytes, x.data + numbers[i] * bytes,
                  static_cast<size_t>(bytes));
  }
  return out.tensor;
}

Tensor reshaped(Tensor tensor, const Shape& shape) {
  if (tensor.shape.elements() != shape.elements())
    fail(ErrorCode::bad_shape, "", "{} cannot become {}", tensor.shape.to_string(), shape.to_string());
  tensor.shape = shape;
  return tensor;
}

Shape sub_shape(const Shape& x, int first, int last) {
  Shape out;
  for (int axis = first; axis < last; ++axis) out.push_back(x[axis]);
  return out;
}

Shape joined(const Shape& a, const Shape& b) {
  Shape out = a;
  for (int64_t size : b) out.push_back(size);
  return out;
}

}  // namespace cornu::tensorflow
