// Diagonals of matrices: Diag, DiagPart, MatrixDiag*, MatrixDiagPart*, MatrixSetDiag*, MatrixBandPart and their old names.
// Source  tensorflow/core/ops/array_ops.cc, kernels/matrix_diag_op.cc, 2.21: a band of diagonals k[0]..k[1] is stored as
//         rows from the highest diagonal to the lowest, each aligned to the left or to the right in the longest.
#include <algorithm>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

// A band of the matrices of a node, and where its diagonals lie in their packed form.
struct Band {
  int64_t rows = 0, columns = 0, low = 0, high = 0;
  bool left_upper = false, left_lower = true;  // alignment of diagonals above and below the main one

  int64_t length(int64_t diagonal) const {
    return std::max<int64_t>(
        0, std::min(rows + std::min<int64_t>(diagonal, 0), columns - std::max<int64_t>(diagonal, 0)));
  }
  int64_t longest() const {
    return std::min(rows + std::min<int64_t>(high, 0), columns - std::max<int64_t>(low, 0));
  }
  int64_t count() const { return high - low + 1; }
  // The place of a matrix's element in the packed diagonals; -1 outside the band.
  int64_t place(int64_t row, int64_t column) const {
    const int64_t diagonal = column - row;
    if (diagonal < low || diagonal > high) return -1;
    const bool left = diagonal >= 0 ? left_upper : left_lower;
    const int64_t offset = left ? 0 : longest() - length(diagonal);
    return (high - diagonal) * longest() + offset + std::min(row, column);
  }
};

void align(const NodeDef& node, Band& band) {
  // The second version had no attribute and aligned to the left.
  const std::string text = node.op.ends_with("V3") ? node.text("align", "RIGHT_LEFT") : "LEFT_LEFT";
  band.left_upper = text.starts_with("LEFT");
  band.left_lower = text.ends_with("LEFT");
}

void set_diagonals(const Tensor& k, Band& band) {
  const std::vector<int64_t> diagonals = to_ints(k);
  need(diagonals.size() == 1 || diagonals.size() == 2, "k holds {} numbers, one or two are needed",
       diagonals.size());
  band.low = diagonals.front();
  band.high = diagonals.back();
  need(band.low <= band.high, "the band from diagonal {} to {} is empty", band.low, band.high);
}

void check_band(const Band& band) {
  const bool empty = band.rows == 0 || band.columns == 0;
  need(empty || (band.high < band.columns && band.low > -band.rows),
       "diagonals {} to {} lie outside of a {} x {} matrix", band.low, band.high, band.rows, band.columns);
}

bool is_versioned(const NodeDef& node) {
  return node.op.ends_with("V2") || node.op.ends_with("V3");
}

Tensor filled(const Tensor& value, DType dtype, const Shape& shape) {
  need(value.dtype == dtype && value.shape.elements() == 1, "the padding is no single {}", dtype_name(dtype));
  return pick(value, std::vector<int64_t>(static_cast<size_t>(shape.elements()), 0), shape);
}

// y with the elements of x where `numbers` are not negative.
Tensor overlay(const Tensor& below, const Tensor& x, const std::vector<int64_t>& numbers) {
  NewTensor out = new_tensor(below.dtype, below.shape);
  const int64_t size = dtype_size(below.dtype);
  for (int64_t i = 0; i < below.shape.elements(); ++i) {
    const int64_t from = numbers[static_cast<size_t>(i)];
    std::memcpy(out.data + i * size, from >= 0 ? x.data + from * size : below.data + i * size,
                static_cast<size_t>(size));
  }
  return out.tensor;
}

void need_plain(const Tensor& x) {
  need(x.dtype != DType::string && x.dtype != kVariant, "matrices of {} have no diagonals",
       dtype_name(x.dtype));
}

// Sizes of the matrices that MatrixDiagV2 and V3 make: given, or the least that the diagonals fit in.
void choose_sizes(const Tensors& in, Band& band, int64_t longest) {
  band.rows = one_int(in[2], "num_rows");
  band.columns = one_int(in[3], "num_cols");
  const int64_t least_rows = longest - std::min<int64_t>(band.high, 0);
  const int64_t least_columns = longest + std::max<int64_t>(band.low, 0);
  if (band.rows == -1 && band.columns == -1) {
    band.rows = band.columns = std::max(least_rows, least_columns);
  } else if (band.rows == -1) {
    band.rows = least_rows;
  } else if (band.columns == -1) {
    band.columns = least_columns;
  }
  need(band.rows >= least_rows && band.columns >= least_columns,
       "diagonals of {} do not fit a {} x {} matrix", longest, band.rows, band.columns);
}

Tensors diag_matrix(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  need_plain(x);
  need(x.shape.rank() >= 1, "a scalar is no diagonal");
  Band band;
  int last = x.shape.rank() - 1;
  const int64_t longest = x.shape.back();
  if (is_versioned(node)) {
    need(in.size() >= 5, "{} takes 5 inputs", node.op);
    set_diagonals(in[1], band);
    align(node, band);
    if (band.count() > 1) {
      --last;
      need(last >= 0 && x.shape[last] == band.count(), "{} holds no {} diagonals", x.shape.to_string(),
           band.count());
    }
    choose_sizes(in, band, longest);
  } else {
    band.rows = band.columns = longest;
  }
  check_band(band);
  need(band.longest() == longest || x.shape.elements() == 0, "diagonals of {} are needed, received {}",
       band.longest(), longest);
  const Shape batch = sub_shape(x.shape, 0, last);
  const Shape shape = joined(batch, {band.rows, band.columns});
  std::vector<int64_t> numbers;
  numbers.reserve(static_cast<size_t>(shape.elements()));
  for (int64_t b = 0; b < batch.elements(); ++b) {
    for (int64_t at = 0; at < band.rows * band.columns; ++at) {
      const int64_t place = band.place(at / band.columns, at % band.columns);
      numbers.push_back(place < 0 ? -1 : b * band.count() * longest + place);
    }
  }
  if (!is_versioned(node)) return {pick(x, numbers, shape)};
  return {overlay(filled(in[4], x.dtype, shape), x, numbers)};
}

Band band_of_matrices(const NodeDef& node, const Tensor& x, const Tensor* k) {
  need_plain(x);
  const int rank = x.shape.rank();
  need(rank >= 2, "{} is no matrix", x.shape.to_string());
  Band band;
  band.rows = x.shape[rank - 2];
  band.columns = x.shape[rank - 1];
  if (k != nullptr) {
    set_diagonals(*k, band);
    align(node, band);
  }
  check_band(band);
  return band;
}

Shape packed_shape(const Shape& x, const Band& band) {
  Shape shape = sub_shape(x, 0, x.rank() - 2);
  if (band.count() > 1) shape.push_back(band.count());
  shape.push_back(std::max<int64_t>(band.longest(), 0));
  return shape;
}

Tensors diag_part(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  const bool versioned = is_versioned(node);
  need(!versioned || in.size() >= 3, "{} takes 3 inputs", node.op);
  const Band band = band_of_matrices(node, x, versioned ? &in[1] : nullptr);
  const Shape shape = packed_shape(x.shape, band);
  std::vector<int64_t> numbers(static_cast<size_t>(shape.elements()), -1);
  const int64_t packed = band.count() * std::max<int64_t>(band.longest(), 0);
  for (int64_t at = 0; at < x.shape.elements(); ++at) {
    const int64_t element = at % (band.rows * band.columns);
    const int64_t place = band.place(element / band.columns, element % band.columns);
    if (place >= 0) numbers[static_cast<size_t>(at / (band.rows * band.columns) * packed + place)] = at;
  }
  if (!versioned) return {pick(x, numbers, shape)};
  return {overlay(filled(in[2], x.dtype, shape), x, numbers)};
}

Tensors set_diag(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  const Tensor& diagonal = in[1];
  const bool versioned = is_versioned(node);
  need(!versioned || in.size() >= 3, "{} takes 3 inputs", node.op);
  const Band band = band_of_matrices(node, x, versioned ? &in[2] : nullptr);
  need(diagonal.dtype == x.dtype && diagonal.shape == packed_shape(x.shape, band),
       "the diagonal has shape {}, {} is needed", diagonal.shape.to_string(),
       packed_shape(x.shape, band).to_string());
  const int64_t packed = band.count() * band.longest();
  std::vector<int64_t> numbers;
  for (int64_t at = 0; at < x.shape.elements(); ++at) {
    const int64_t element = at % (band.rows * band.columns);
    const int64_t place = band.place(element / band.columns, element % band.columns);
    numbers.push_back(place < 0 ? -1 : at / (band.rows * band.columns) * packed + place);
  }
  return {overlay(x, diagonal, numbers)};
}

Tensors band_part(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  const Band band = band_of_matrices(node, x, nullptr);
  const int64_t lower = one_int(in[1], "num_lower");
  const int64_t upper = one_int(in[2], "num_upper");
  std::vector<int64_t> numbers;
  for (int64_t at = 0; at < x.shape.elements(); ++at) {
    const int64_t element = at % (band.rows * band.columns);
    const int64_t diagonal = element % band.columns - element / band.columns;
    const bool kept = (lower < 0 || -diagonal <= lower) && (upper < 0 || diagonal <= upper);
    numbers.push_back(kept ? at : -1);
  }
  return {pick(x, numbers, x.shape)};
}

// A tensor of rank 2k whose "diagonal" is a tensor of rank k.
Tensors diag(const NodeDef&, Tensors& in) {
  const Tensor& x = in[0];
  need_plain(x);
  const int64_t count = x.shape.elements();
  const Shape shape = joined(x.shape, x.shape);
  std::vector<int64_t> numbers(static_cast<size_t>(shape.elements()), -1);
  for (int64_t i = 0; i < count; ++i) numbers[static_cast<size_t>(i * count + i)] = i;
  return {pick(x, numbers, shape)};
}

Tensors tensor_diag_part(const NodeDef&, Tensors& in) {
  const Tensor& x = in[0];
  need_plain(x);
  const int half = x.shape.rank() / 2;
  const Shape shape = sub_shape(x.shape, 0, half);
  need(x.shape.rank() % 2 == 0 && joined(shape, shape) == x.shape, "{} has no diagonal", x.shape.to_string());
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < shape.elements(); ++i) numbers.push_back(i * shape.elements() + i);
  return {pick(x, numbers, shape)};
}

constexpr ComputeRow kRows[] = {{"Diag", 1, diag, "", false},
                                {"DiagPart", 1, tensor_diag_part, "", false},
                                {"MatrixDiag", 1, diag_matrix, "", false},
                                {"BatchMatrixDiag", 1, diag_matrix, "", false},
                                {"MatrixDiagV2", 5, diag_matrix, "", false},
                                {"MatrixDiagV3", 5, diag_matrix, "", false},
                                {"MatrixDiagPart", 1, diag_part, "", false},
                                {"BatchMatrixDiagPart", 1, diag_part, "", false},
                                {"MatrixDiagPartV2", 3, diag_part, "", false},
                                {"MatrixDiagPartV3", 3, diag_part, "", false},
                                {"MatrixSetDiag", 2, set_diag, "", false},
                                {"BatchMatrixSetDiag", 2, set_diag, "", false},
                                {"MatrixSetDiagV2", 3, set_diag, "", false},
                                {"MatrixSetDiagV3", 3, set_diag, "", false},
                                {"MatrixBandPart", 3, band_part, "", false},
                                {"BatchMatrixBandPart", 3, band_part, "", false}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

}  // namespace

CORNU_TF_OP(matrix_diag) = {.names = kNames, .compute = compute};

}  // namespace cornu::tensorflow
