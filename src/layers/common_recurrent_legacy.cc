// Weights of recurrent layers in old files; see recurrent_from_legacy in recurrent.h.
// Keras 1    12 arrays (LSTM: i, c, f, o) or 9 (GRU: z, r, h), each gate's W, U, b in turn
// CuDNN      kernels hold each gate's matrix as its transpose in memory, recurrent kernels transposed; one
// bias for the input
//            and one for the state: an LSTM adds them, a GRU keeps them as (2, 3 units)
// Source     tf_keras/src/saving/legacy/hdf5_format.py, 2.21: preprocess_weights_for_loading and
// convert_rnn_weights
#include <cstring>

#include "layers/recurrent.h"

namespace cornu::layers {
namespace {

// Matrices (or vectors) of equally many rows side by side.
Tensor side_by_side(const std::vector<Tensor>& parts) {
  const auto rows_of = [](const Tensor& t) { return t.shape.rank() == 2 ? t.shape[0] : 1; };
  const int64_t rows = rows_of(parts[0]);
  int64_t columns = 0;
  for (const Tensor& part : parts) {
    if (part.shape.rank() < 1 || part.shape.rank() > 2 || rows_of(part) != rows ||
        part.dtype != parts[0].dtype) {
      throw Error(ErrorCode::bad_shape,
                  fmt::format("the gates of a recurrent layer have the shapes {} and {}",
                              parts[0].shape.to_string(), part.shape.to_string()));
    }
    columns += part.shape.back();
  }
  const bool vector = parts[0].shape.rank() == 1;
  NewTensor out = new_tensor(parts[0].dtype, vector ? Shape{columns} : Shape{rows, columns});
  const int64_t size = dtype_size(parts[0].dtype);
  int64_t first = 0;
  for (const Tensor& part : parts) {
    const int64_t width = part.shape.back() * size;
    for (int64_t row = 0; row < rows && width > 0; ++row) {
      std::memcpy(out.data + row * columns * size + first, part.data + row * width,
                  static_cast<size_t>(width));
    }
    first += width;
  }
  return out.tensor;
}

// Columns [first, first + count) of a matrix.
Tensor columns_of(const Tensor& matrix, int64_t first, int64_t count) {
  const int64_t rows = matrix.shape[0];
  const int64_t size = dtype_size(matrix.dtype);
  NewTensor out = new_tensor(matrix.dtype, {rows, count});
  for (int64_t row = 0; row < rows; ++row) {
    std::memcpy(out.data + row * count * size, matrix.data + (row * matrix.shape[1] + first) * size,
                static_cast<size_t>(count * size));
  }
  return out.tensor;
}

// Keras 1: `order` are the positions of the gates as they are wanted now.
void join_gates(std::vector<StoredWeight>& stored, std::initializer_list<size_t> order) {
  std::vector<StoredWeight> joined;
  for (size_t part = 0; part < 3; ++part) {
    std::vector<Tensor> gates;
    for (size_t gate : order) gates.push_back(stored[3 * gate + part].tensor);
    joined.push_back({stored[part].name, side_by_side(gates)});
  }
  stored = std::move(joined);
}

void from_cudnn(std::vector<StoredWeight>& stored, int64_t gates, int64_t units) {
  for (size_t i = 0; i < 2; ++i) {
    std::vector<Tensor> parts;
    for (int64_t gate = 0; gate < gates; ++gate) {
      const Tensor part = columns_of(stored[i].tensor, gate * units, units);
      parts.push_back(transposed(i == 0 ? reshaped(part, {units, part.shape[0]}) : part, {1, 0}));
    }
    stored[i].tensor = side_by_side(parts);
  }
  if (gates == 3) {
    stored[2].tensor = reshaped(stored[2].tensor, {2, gates * units});
    return;
  }
  const std::vector<double> both = to_doubles(stored[2].tensor);
  std::vector<float> sum;
  for (size_t i = 0; i < both.size() / 2; ++i)
    sum.push_back(static_cast<float>(both[i]) + static_cast<float>(both[i + both.size() / 2]));
  stored[2].tensor = tensor_of(sum, {gates * units});
}

}  // namespace

void recurrent_from_legacy(LegacyWeights& weights) {
  auto& stored = weights.stored;
  const CellKind* kind = cell_kind(weights.layer.class_name);
  if (kind == nullptr || weights.layer.weights.size() < 2) return;
  if (kind->gates == 4 && stored.size() == 12) join_gates(stored, {0, 2, 1, 3});
  if (kind->gates == 3 && stored.size() == 9) join_gates(stored, {0, 1, 2});
  const int64_t units = weights.layer.weights[1].shape[0];
  const int64_t width = kind->gates * units;
  if (kind->gates < 3 || stored.size() != 3 || !(stored[2].tensor.shape == Shape{2 * width})) return;
  const bool matrices = stored[0].tensor.shape.rank() == 2 && stored[0].tensor.shape[1] == width &&
                        stored[1].tensor.shape == Shape{units, width};
  if (matrices) from_cudnn(stored, kind->gates, units);
}

}  // namespace cornu::layers
