#include "serve/join.h"

#include <cstring>
#include <utility>

#include "base/fail.h"
#include "tensor/tensor.h"

namespace cornu::serve {
namespace {

void check_rows(const Array& piece, size_t output, int64_t rows) {
  if (!piece.shape.empty() && piece.shape[0] == rows) return;
  fail(ErrorCode::bad_shape, fmt::format("output_{}", output),
       "the output has shape {} for {} rows, so answers of several pieces cannot be joined; use a larger "
       "batch_size",
       Shape(piece.shape).to_string(), rows);
}

}  // namespace

void Join::add(const std::vector<Array>& piece, int64_t rows) {
  if (outputs_.empty()) outputs_.resize(piece.size());
  for (size_t i = 0; i < piece.size(); ++i) {
    check_rows(piece[i], i, rows);
    Output& output = outputs_[i];
    std::vector<int64_t> shape = piece[i].shape;
    shape[0] = row_count_;
    if (rows_ == 0) {
      output.array = {piece[i].dtype, shape, nullptr, nullptr};
      if (piece[i].dtype != DType::string) {
        const NewTensor fresh = new_tensor(piece[i].dtype, Shape(shape));
        output.data = fresh.data;
        output.array.data = fresh.tensor.data;
        output.array.owner = fresh.tensor.owner;
      }
    }
    if (output.array.shape != shape) {
      fail(ErrorCode::bad_shape, fmt::format("output_{}", i),
           "the output has shape {} for some rows and {} for others, so they cannot be joined; use a larger "
           "batch_size",
           Shape(output.array.shape).to_string(), Shape(piece[i].shape).to_string());
    }
    if (piece[i].dtype == DType::string) {
      const auto* texts = reinterpret_cast<const std::string*>(piece[i].data);
      output.strings.insert(output.strings.end(), texts, texts + piece[i].size());
    } else if (piece[i].size_bytes() > 0) {
      const int64_t row_bytes = output.array.size_bytes() / row_count_;
      std::memcpy(output.data + rows_ * row_bytes, piece[i].data, static_cast<size_t>(piece[i].size_bytes()));
    }
  }
  rows_ += rows;
}

std::vector<Array> Join::take() {
  std::vector<Array> arrays;
  for (Output& output : outputs_) {
    if (output.array.dtype == DType::string) {
      const Tensor tensor = string_tensor(std::move(output.strings), Shape(output.array.shape));
      output.array.data = tensor.data;
      output.array.owner = tensor.owner;
    }
    arrays.push_back(std::move(output.array));
  }
  return arrays;
}

}  // namespace cornu::serve
