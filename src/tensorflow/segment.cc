// Sums, means, products and extremes of segments; counting: Segment*, UnsortedSegment*, SparseSegment*, Bincount,
// DenseBincount, HistogramFixedWidth; and ScatterNd, TensorScatter*.
// Source  tensorflow/core/ops/{math,array}_ops.cc, 2.21. An empty segment is 0, of SegmentProd and UnsortedSegment* the
//         neutral element.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/op.h"
#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

enum class Fold { sum, mean, sqrt_n, prod, max, min, replace, sub };

template <class T>
T start_of(Fold fold) {
  if (fold == Fold::prod) return T{1};
  if (fold == Fold::max) return std::numeric_limits<T>::lowest();
  if (fold == Fold::min) return std::numeric_limits<T>::max();
  return T{0};
}

// Integers wrap around.
template <class T>
T folded(Fold fold, T a, T b) {
  if (fold == Fold::replace) return b;
  if (fold == Fold::max) return std::max(a, b);
  if (fold == Fold::min) return std::min(a, b);
  if constexpr (std::is_integral_v<T>) {
    const uint64_t x = ops::bits_of(a), y = ops::bits_of(b);
    return static_cast<T>(fold == Fold::prod ? x * y : fold == Fold::sub ? x - y : x + y);
  } else {
    return fold == Fold::prod ? a * b : fold == Fold::sub ? a - b : a + b;
  }
}

// Rows of x that are folded into rows of the result: row `from[i]` into `to[i]`, nowhere if that is negative.
struct Moves {
  std::vector<int64_t> from, to;
  int64_t rows = 0;           // of the result
  bool empty_is_zero = true;  // rows that nothing is folded into; else they are what folding starts with
};

template <class T>
void finish_row(T* row, int64_t width, int64_t count, Fold fold, bool empty_is_zero) {
  if (count == 0 && empty_is_zero) std::fill_n(row, width, T{0});
  if (count == 0 || (fold != Fold::mean && fold != Fold::sqrt_n)) return;
  const double divisor =
      fold == Fold::mean ? static_cast<double>(count) : std::sqrt(static_cast<double>(count));
  for (int64_t k = 0; k < width; ++k) row[k] = static_cast<T>(static_cast<double>(row[k]) / divisor);
}

Tensor fold_rows(const Tensor& x, int64_t width, const Moves& moves, Fold fold, const Shape& shape) {
  need_number(x, "x");
  return ops::with_number_type(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T> from = elements<T>(x);
    // Floats are folded in double.
    using Sum = std::conditional_t<std::is_same_v<T, float>, double, T>;
    std::vector<Sum> out(static_cast<size_t>(moves.rows * width), static_cast<Sum>(start_of<T>(fold)));
    std::vector<int64_t> counts(static_cast<size_t>(moves.rows), 0);
    for (size_t i = 0; i < moves.to.size(); ++i) {
      if (moves.to[i] < 0) continue;
      ++counts[static_cast<size_t>(moves.to[i])];
      Sum* row = out.data() + moves.to[i] * width;
      for (int64_t k = 0; k < width; ++k)
        row[k] =
            folded<Sum>(fold, row[k], static_cast<Sum>(from[static_cast<size_t>(moves.from[i] * width + k)]));
    }
    for (int64_t r = 0; r < moves.rows; ++r)
      finish_row(out.data() + r * width, width, counts[static_cast<size_t>(r)], fold, moves.empty_is_zero);
    std::vector<T> narrow(out.size());
    std::transform(out.begin(), out.end(), narrow.begin(), [](Sum v) { return static_cast<T>(v); });
    return tensor_from(narrow, shape, x.dtype);
  });
}

Fold fold_of(std::string_view op) {
  if (op.find("SqrtN") != std::string_view::npos) return Fold::sqrt_n;
  if (op.find("Mean") != std::string_view::npos) return Fold::mean;
  if (op.find("Prod") != std::string_view::npos) return Fold::prod;
  if (op.find("Max") != std::string_view::npos) return Fold::max;
  if (op.find("Min") != std::string_view::npos) return Fold::min;
  if (op.find("Update") != std::string_view::npos) return Fold::replace;
  if (op.ends_with("Sub")) return Fold::sub;
  return Fold::sum;
}

void check_rows(int64_t rows) {
  need(rows >= 0 && rows < (int64_t{1} << 31), "{} segments are asked for", rows);
}

// Consecutive numbers from 0; `given`: how many segments there are, -1: as many as the numbers need.
Moves segment_moves(const Tensor& ids, int64_t given) {
  Moves moves;
  moves.to = to_ints(ids);
  for (size_t i = 0; i < moves.to.size(); ++i) {
    need(moves.to[i] >= (i == 0 ? 0 : moves.to[i - 1]), "segment numbers must not decrease, {} does",
         moves.to[i]);
    moves.from.push_back(static_cast<int64_t>(i));
  }
  const int64_t needed = moves.to.empty() ? 0 : moves.to.back() + 1;
  moves.rows = given < 0 ? needed : given;
  need(needed <= moves.rows, "segment {} of {} is named", needed - 1, moves.rows);
  check_rows(moves.rows);
  return moves;
}

Tensors segments(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  need_rank(in[1], 1, "the segment numbers");
  need(x.shape.rank() > 0 && x.shape[0] == in[1].shape[0], "{} numbers belong to {}", in[1].shape[0],
       x.shape.to_string());
  const bool given = node.op.ends_with("V2");
  Moves moves = segment_moves(in[1], given ? one_int(in.at(2), "num_segments") : -1);
  moves.empty_is_zero = !given && node.op != "SegmentProd";
  const Shape slice = sub_shape(x.shape, 1, x.shape.rank());
  return {fold_rows(x, slice.elements(), moves, fold_of(node.op), joined({moves.rows}, slice))};
}

Tensors sparse_segments(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  need(x.shape.rank() > 0, "x is a scalar");
  const bool given = node.op.ends_with("WithNumSegments");
  Moves moves = segment_moves(in[2], given ? one_int(in.at(3), "num_segments") : -1);
  moves.from = to_ints(in[1]);
  need(moves.from.size() == moves.to.size(), "{} indices meet {} segment numbers", moves.from.size(),
       moves.to.size());
  for (int64_t row : moves.from) need(row >= 0 && row < x.shape[0], "row {} of {} is named", row, x.shape[0]);
  const Shape slice = sub_shape(x.shape, 1, x.shape.rank());
  return {fold_rows(x, slice.elements(), moves, fold_of(node.op), joined({moves.rows}, slice))};
}

Tensors unsorted_segments(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  const int rank = in[1].shape.rank();
  need(rank <= x.shape.rank() && sub_shape(x.shape, 0, rank) == in[1].shape,
       "segment numbers {} do not fit {}", in[1].shape.to_string(), x.shape.to_string());
  Moves moves;
  moves.to = to_ints(in[1]);
  moves.rows = one_int(in[2], "num_segments");
  moves.empty_is_zero = false;
  check_rows(moves.rows);
  for (size_t i = 0; i < moves.to.size(); ++i) {
    need(moves.to[i] < moves.rows, "segment {} of {} is named", moves.to[i], moves.rows);
    moves.from.push_back(static_cast<int64_t>(i));
  }
  const Shape slice = sub_shape(x.shape, rank, x.shape.rank());
  return {fold_rows(x, slice.elements(), moves, fold_of(node.op), joined({moves.rows}, slice))};
}

// Rows of `shape` that index vectors name.
std::vector<int64_t> rows_of(const Tensor& indices, const Shape& shape, int64_t depth) {
  const std::vector<int64_t> values = to_ints(indices);
  std::vector<int64_t> rows;
  for (size_t i = 0; i < values.size() && depth > 0; i += static_cast<size_t>(depth)) {
    int64_t row = 0;
    for (int axis = 0; axis < depth; ++axis) {
      const int64_t index = values[i + static_cast<size_t>(axis)];
      need(index >= 0 && index < shape[axis], "index {} is outside an axis of size {}", index, shape[axis]);
      row = row * shape[axis] + index;
    }
    rows.push_back(row);
  }
  return rows;
}

// `x` with updates folded into the rows that the indices name.
Tensor scatter(const Tensor& x, const Tensor& indices, const Tensor& updates, Fold fold) {
  const int rank = indices.shape.rank();
  need(rank > 0 && indices.shape.back() <= x.shape.rank(), "indices {} do not fit {}",
       indices.shape.to_string(), x.shape.to_string());
  const int64_t depth = indices.shape.back();
  const Shape slice = sub_shape(x.shape, static_cast<int>(depth), x.shape.rank());
  need(updates.dtype == x.dtype && updates.shape == joined(sub_shape(indices.shape, 0, rank - 1), slice),
       "updates {} do not fit indices {} and {}", updates.shape.to_string(), indices.shape.to_string(),
       x.shape.to_string());
  const std::vector<int64_t> rows = rows_of(indices, x.shape, depth);
  const int64_t width = slice.elements();
  if (x.dtype == DType::string) {
    need(fold == Fold::replace || fold == Fold::sum, "strings cannot be combined");
    std::vector<std::string> out(strings_of(x).begin(), strings_of(x).end());
    for (size_t i = 0; i < rows.size(); ++i) {
      for (int64_t k = 0; k < width; ++k)
        out[static_cast<size_t>(rows[i] * width + k)] =
            strings_of(updates)[i * static_cast<size_t>(width) + static_cast<size_t>(k)];
    }
    return string_tensor(std::move(out), x.shape);
  }
  need_number(x, "x");
  return ops::with_number_type(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T> out = elements<T>(x);
    const std::vector<T> from = elements<T>(updates);
    for (size_t i = 0; i < rows.size(); ++i) {
      for (int64_t k = 0; k < width; ++k) {
        T& y = out[static_cast<size_t>(rows[i] * width + k)];
        y = folded<T>(fold, y, from[i * static_cast<size_t>(width) + static_cast<size_t>(k)]);
      }
    }
    return tensor_from(out, x.shape, x.dtype);
  });
}

Tensors scatter_nd(const NodeDef&, Tensors& in) {
  const Ints sizes = to_ints(in[2]);
  for (int64_t size : sizes) need(size >= 0, "a size is {}", size);
  return {scatter(zeros(in[1].dtype, Shape(sizes)), in[0], in[1], Fold::sum)};
}

Tensors tensor_scatter(const NodeDef& node, Tensors& in) {
  const bool adds = node.op == "ScatterNdNonAliasingAdd";
  return {scatter(in[0], in[1], in[2], adds ? Fold::sum : fold_of(node.op))};
}

// How often (or with which weights) each number below `size` occurs.
Tensors bincount(const NodeDef& node, Tensors& in) {
  const int64_t size = one_int(in[1], "size");
  check_rows(size);
  const bool dense = node.op == "DenseBincount";
  const bool binary = node.flag("binary_output");
  const std::vector<double> weights = to_doubles(in[2]);
  const std::vector<int64_t> values = to_ints(in[0]);
  need(weights.empty() || weights.size() == values.size(), "{} weights belong to {} values", weights.size(),
       values.size());
  const bool rows = dense && in[0].shape.rank() == 2;
  const int64_t width = rows ? in[0].shape[1] : static_cast<int64_t>(values.size());
  const Shape shape = rows ? Shape{in[0].shape[0], size} : Shape{size};
  std::vector<double> out(static_cast<size_t>(shape.elements()), 0);
  for (size_t i = 0; i < values.size(); ++i) {
    need(values[i] >= 0, "{} cannot be counted", values[i]);
    if (values[i] >= size) continue;
    const int64_t row = rows ? static_cast<int64_t>(i) / width : 0;
    double& count = out[static_cast<size_t>(row * size + values[i])];
    count = binary ? 1 : count + (weights.empty() ? 1 : weights[i]);
  }
  return {tensor_of_doubles(out, shape, in[2].dtype)};
}

Tensors histogram(const NodeDef& node, Tensors& in) {
  const std::vector<double> range = to_doubles(in[1]);
  const int64_t bins = one_int(in[2], "nbins");
  check_rows(bins);
  need(range.size() == 2 && range[0] < range[1] && bins > 0, "the range is empty or has no bins");
  std::vector<int64_t> out(static_cast<size_t>(bins), 0);
  const double step = (range[1] - range[0]) / static_cast<double>(bins);
  for (double x : to_doubles(in[0])) {
    const double place = std::floor((std::clamp(x, range[0], range[1]) - range[0]) / step);
    if (!std::isnan(place)) ++out[static_cast<size_t>(std::min(place, static_cast<double>(bins - 1)))];
  }
  return {tensor_of_ints(out, {bins}, node.dtype("dtype", DType::int32))};
}

constexpr ComputeRow kRows[] = {{"SegmentSum", 2, segments},
                                {"SegmentMean", 2, segments},
                                {"SegmentProd", 2, segments},
                                {"SegmentMax", 2, segments},
                                {"SegmentMin", 2, segments},
                                {"SegmentSumV2", 3, segments},
                                {"SegmentProdV2", 3, segments},
                                {"SegmentMaxV2", 3, segments},
                                {"SegmentMinV2", 3, segments},
                                {"UnsortedSegmentSum", 3, unsorted_segments},
                                {"UnsortedSegmentProd", 3, unsorted_segments},
                                {"UnsortedSegmentMax", 3, unsorted_segments},
                                {"UnsortedSegmentMin", 3, unsorted_segments},
                                {"SparseSegmentSum", 3, sparse_segments},
                                {"SparseSegmentMean", 3, sparse_segments},
                                {"SparseSegmentSqrtN", 3, sparse_segments},
                                {"SparseSegmentSumWithNumSegments", 4, sparse_segments},
                                {"SparseSegmentMeanWithNumSegments", 4, sparse_segments},
                                {"SparseSegmentSqrtNWithNumSegments", 4, sparse_segments},
                                {"ScatterNd", 3, scatter_nd},
                                {"TensorScatterUpdate", 3, tensor_scatter},
                                {"TensorScatterAdd", 3, tensor_scatter},
                                {"TensorScatterSub", 3, tensor_scatter},
                                {"TensorScatterMax", 3, tensor_scatter},
                                {"TensorScatterMin", 3, tensor_scatter},
                                {"ScatterNdNonAliasingAdd", 3, tensor_scatter},
                                {"Bincount", 3, bincount},
                                {"DenseBincount", 3, bincount},
                                {"HistogramFixedWidth", 3, histogram}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

}  // namespace

CORNU_TF_OP(segment) = {.names = kNames, .compute = compute};

}  // namespace cornu::tensorflow
