// Sparse tensors (indices, values, shape) and ragged ones (splits, values).
//   SparseToDense, SparseTensorDenseAdd, SparseTensorDenseMatMul, SparseReshape, SparseReorder, SparseFillEmptyRows,
//   SparseConcat, SparseSlice, SparseReduceSum, SparseReduceMax, SparseDenseCwiseMul / Div / Add, RaggedRange, RaggedGather,
//   RaggedTensorToTensor, RaggedTensorToSparse, DenseToDenseSetOperation; ConcatOffset
// Source  tensorflow/core/ops/{sparse,ragged_*,set}_ops.cc and kernels, 2.21
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

int64_t size64(size_t size) {
  return static_cast<int64_t>(size);
}

// Indices (n, rank) as rows, checked against the shape.
struct Coordinates {
  std::vector<int64_t> values;
  Shape shape;
  int64_t count = 0;

  const int64_t* row(int64_t i) const { return values.data() + i * shape.rank(); }
  int64_t offset(int64_t i) const {
    int64_t at = 0;
    for (int axis = 0; axis < shape.rank(); ++axis) at = at * shape[axis] + row(i)[axis];
    return at;
  }
};

Shape shape_of(const Tensor& sizes) {
  const Ints values = to_ints(sizes);
  for (int64_t size : values) need(size >= 0, "a size is {}", size);
  const Shape shape(values);
  shape.elements();  // throws if that overflows
  return shape;
}

Coordinates coordinates(const Tensor& indices, const Shape& shape) {
  need_rank(indices, 2, "the indices");
  Coordinates out{to_ints(indices), shape, indices.shape[0]};
  need(indices.shape[1] == shape.rank(), "indices {} do not fit a shape of {} axes",
       indices.shape.to_string(), shape.rank());
  for (size_t i = 0; i < out.values.size(); ++i) {
    const int64_t size = shape[static_cast<int>(i % static_cast<size_t>(shape.rank()))];
    need(out.values[i] >= 0 && out.values[i] < size, "index {} is outside an axis of size {}", out.values[i],
         size);
  }
  return out;
}

Tensor vector_of(const std::vector<int64_t>& values, DType dtype = DType::int64) {
  return tensor_of_ints(values, {size64(values.size())}, dtype);
}

Tensor sizes_of(const Shape& shape) {
  return vector_of({shape.begin(), shape.end()});
}

// `base` with rows of x where `from` is not negative, of any type.
Tensor chosen(const Tensor& base, const Tensor& x, const std::vector<int64_t>& from, const Shape& shape) {
  std::vector<int64_t> numbers = from;
  need(base.dtype == x.dtype && base.shape.elements() == 1, "the default is a {} of shape {}",
       dtype_name(base.dtype), base.shape.to_string());
  if (x.dtype == DType::string) {
    std::vector<std::string> out;
    for (int64_t number : numbers)
      out.push_back(number < 0 ? strings_of(base)[0] : strings_of(x)[static_cast<size_t>(number)]);
    return string_tensor(std::move(out), shape);
  }
  NewTensor out = new_tensor(x.dtype, shape);
  const int64_t size = dtype_size(x.dtype);
  for (size_t i = 0; i < numbers.size(); ++i)
    std::memcpy(out.data + size64(i) * size, numbers[i] < 0 ? base.data : x.data + numbers[i] * size,
                static_cast<size_t>(size));
  return out.tensor;
}

Tensors to_dense(const NodeDef&, Tensors& in) {
  const Shape shape = shape_of(in[1]);
  Tensor indices = in[0];
  if (indices.shape.rank() == 0) indices.shape = {1, 1};
  if (indices.shape.rank() == 1) indices.shape = {indices.shape[0], 1};
  const Coordinates at = coordinates(indices, shape);
  const int64_t given = in[2].shape.elements();
  need(given == at.count || in[2].shape.rank() == 0, "{} values have {} indices", given, at.count);
  std::vector<int64_t> from(static_cast<size_t>(shape.elements()), -1);
  for (int64_t i = 0; i < at.count; ++i)
    from[static_cast<size_t>(at.offset(i))] = in[2].shape.rank() == 0 ? 0 : i;
  return {chosen(in[3], in[2], from, shape)};
}

Tensors dense_add(const NodeDef&, Tensors& in) {
  const Coordinates at = coordinates(in[0], shape_of(in[2]));
  need(at.shape == in[3].shape && in[1].dtype == in[3].dtype && in[1].shape.elements() == at.count,
       "sparse {} meets dense {}", at.shape.to_string(), in[3].shape.to_string());
  if (dtype_is_integer(in[1].dtype)) {
    std::vector<int64_t> out = to_ints(in[3]);
    const std::vector<int64_t> values = to_ints(in[1]);
    for (int64_t i = 0; i < at.count; ++i)
      out[static_cast<size_t>(at.offset(i))] += values[static_cast<size_t>(i)];
    return {tensor_of_ints(out, in[3].shape, in[3].dtype)};
  }
  std::vector<double> out = to_doubles(in[3]);
  const std::vector<double> values = to_doubles(in[1]);
  for (int64_t i = 0; i < at.count; ++i)
    out[static_cast<size_t>(at.offset(i))] += values[static_cast<size_t>(i)];
  return {tensor_of_doubles(out, in[3].shape, in[3].dtype)};
}

Tensors dense_matmul(const NodeDef& node, Tensors& in) {
  const Coordinates at = coordinates(in[0], shape_of(in[2]));
  need(at.shape.rank() == 2 && in[1].shape.elements() == at.count, "the sparse side has shape {}",
       at.shape.to_string());
  need_rank(in[3], 2, "the dense side");
  const bool left = node.flag("adjoint_a"), right = node.flag("adjoint_b");
  const int64_t rows = at.shape[left ? 1 : 0], inner = at.shape[left ? 0 : 1];
  const int64_t columns = in[3].shape[right ? 0 : 1];
  need(in[3].shape[right ? 1 : 0] == inner, "sparse {} meets dense {}", at.shape.to_string(),
       in[3].shape.to_string());
  const std::vector<double> a = to_doubles(in[1]), b = to_doubles(in[3]);
  const Shape shape{rows, columns};
  std::vector<double> out(static_cast<size_t>(shape.elements()), 0);
  for (int64_t i = 0; i < at.count; ++i) {
    const int64_t row = at.row(i)[left ? 1 : 0], k = at.row(i)[left ? 0 : 1];
    for (int64_t c = 0; c < columns; ++c)
      out[static_cast<size_t>(row * columns + c)] +=
          a[static_cast<size_t>(i)] * b[static_cast<size_t>(right ? c * inner + k : k * columns + c)];
  }
  return {tensor_of_doubles(out, shape, in[1].dtype)};
}

void append_unraveled(std::vector<int64_t>& out, int64_t offset, const Shape& shape) {
  const size_t first = out.size();
  out.resize(first + static_cast<size_t>(shape.rank()));
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    out[first + static_cast<size_t>(axis)] = offset % shape[axis];
    offset /= shape[axis];
  }
}

Tensors reshape(const NodeDef&, Tensors& in) {
  const Coordinates at = coordinates(in[0], shape_of(in[1]));
  std::vector<int64_t> sizes = to_ints(in[2]);
  int64_t product = 1;
  for (int64_t size : sizes) product *= size < 0 ? 1 : size;
  for (int64_t& size : sizes) {
    if (size < 0) size = product == 0 ? 0 : at.shape.elements() / product;
  }
  const Shape shape(sizes);
  need(shape.elements() == at.shape.elements(), "{} cannot become {}", at.shape.to_string(),
       shape.to_string());
  std::vector<int64_t> out;
  for (int64_t i = 0; i < at.count; ++i) append_unraveled(out, at.offset(i), shape);
  return {tensor_of_ints(out, {at.count, shape.rank()}), sizes_of(shape)};
}

Tensors reorder(const NodeDef&, Tensors& in) {
  const Coordinates at = coordinates(in[0], shape_of(in[2]));
  std::vector<int64_t> order(static_cast<size_t>(at.count));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return at.offset(a) < at.offset(b); });
  return {pick(in[0], order, in[0].shape, at.shape.rank()), pick(in[1], order, in[1].shape)};
}

Tensors fill_empty_rows(const NodeDef&, Tensors& in) {
  const Coordinates at = coordinates(in[0], shape_of(in[2]));
  need(at.shape.rank() > 0, "the shape has no rows");
  const int64_t rows = at.shape[0];
  const int rank = at.shape.rank();
  std::vector<std::vector<int64_t>> of_row(static_cast<size_t>(rows));
  for (int64_t i = 0; i < at.count; ++i) of_row[static_cast<size_t>(at.row(i)[0])].push_back(i);
  std::vector<int64_t> indices, from, reverse(static_cast<size_t>(at.count));
  std::vector<uint8_t> empty;
  for (int64_t r = 0; r < rows; ++r) {
    const auto& entries = of_row[static_cast<size_t>(r)];
    empty.push_back(entries.empty());
    for (int64_t i : entries) {
      reverse[static_cast<size_t>(i)] = size64(from.size());
      from.push_back(i);
      indices.insert(indices.end(), at.row(i), at.row(i) + rank);
    }
    if (!entries.empty()) continue;
    from.push_back(-1);
    indices.push_back(r);
    indices.insert(indices.end(), static_cast<size_t>(rank - 1), 0);
  }
  const int64_t count = size64(from.size());
  return {tensor_of_ints(indices, {count, rank}), chosen(in[3], in[1], from, {count}),
          tensor_from(empty, {rows}, DType::boolean), vector_of(reverse)};
}

Tensors concat(const NodeDef& node, Tensors& in) {
  const size_t count = in.size() / 3;
  need(in.size() % 3 == 0, "{} inputs are no triples", in.size());
  Shape shape = shape_of(in[2 * count]);
  const int axis = normalize_axis(node.integer("concat_dim"), shape.rank());
  int64_t before = 0;
  std::vector<std::pair<std::vector<int64_t>, std::pair<size_t, int64_t>>>
      rows;  // coordinates; input and number there
  for (size_t k = 0; k < count; ++k) {
    const Coordinates at = coordinates(in[k], shape_of(in[2 * count + k]));
    need(at.shape.rank() == shape.rank() && at.shape.with(axis, 0) == shape.with(axis, 0),
         "{} is joined to {}", at.shape.to_string(), shape.to_string());
    for (int64_t i = 0; i < at.count; ++i) {
      std::vector<int64_t> row(at.row(i), at.row(i) + shape.rank());
      row[static_cast<size_t>(axis)] += before;
      rows.push_back({std::move(row), {k, i}});
    }
    before += at.shape[axis];
  }
  std::sort(rows.begin(), rows.end());
  shape[axis] = before;
  std::vector<int64_t> indices;
  std::vector<std::string> texts;
  std::string bytes;
  const DType dtype = in[count].dtype;
  for (const auto& [row, source] : rows) {
    indices.insert(indices.end(), row.begin(), row.end());
    const Tensor& values = in[count + source.first];
    need(values.dtype == dtype && source.second < values.shape.elements(), "values do not fit their indices");
    if (dtype == DType::string) {
      texts.push_back(strings_of(values)[static_cast<size_t>(source.second)]);
    } else {
      const int64_t size = dtype_size(dtype);
      bytes.append(reinterpret_cast<const char*>(values.data + source.second * size),
                   static_cast<size_t>(size));
    }
  }
  const int64_t total = size64(rows.size());
  Tensor values;
  if (dtype == DType::string) {
    values = string_tensor(std::move(texts), {total});
  } else {
    NewTensor made = new_tensor(dtype, {total});
    if (!bytes.empty()) std::memcpy(made.data, bytes.data(), bytes.size());
    values = made.tensor;
  }
  return {tensor_of_ints(indices, {total, shape.rank()}), values, sizes_of(shape)};
}

Tensors slice(const NodeDef&, Tensors& in) {
  const Coordinates at = coordinates(in[0], shape_of(in[2]));
  const std::vector<int64_t> start = to_ints(in[3]), size = to_ints(in[4]);
  const int rank = at.shape.rank();
  need(size64(start.size()) == rank && size64(size.size()) == rank, "{} starts and {} sizes for {} axes",
       start.size(), size.size(), rank);
  Shape shape = at.shape;
  for (int axis = 0; axis < rank; ++axis) {
    const auto a = static_cast<size_t>(axis);
    need(start[a] >= 0 && size[a] >= 0, "a slice starts at {} and has size {}", start[a], size[a]);
    shape[axis] = std::clamp<int64_t>(at.shape[axis] - start[a], 0, size[a]);
  }
  std::vector<int64_t> indices, kept;
  for (int64_t i = 0; i < at.count; ++i) {
    bool inside = true;
    for (int axis = 0; axis < rank; ++axis) {
      const int64_t place = at.row(i)[axis] - start[static_cast<size_t>(axis)];
      inside = inside && place >= 0 && place < shape[axis];
    }
    if (!inside) continue;
    kept.push_back(i);
    for (int axis = 0; axis < rank; ++axis)
      indices.push_back(at.row(i)[axis] - start[static_cast<size_t>(axis)]);
  }
  return {tensor_of_ints(indices, {size64(kept.size()), rank}), pick(in[1], kept, {size64(kept.size())}),
          sizes_of(shape)};
}

Tensors reduce(const NodeDef& node, Tensors& in) {
  const Coordinates at = coordinates(in[0], shape_of(in[2]));
  std::vector<bool> gone(static_cast<size_t>(at.shape.rank()), in[3].shape.elements() == 0);
  for (int64_t axis : to_ints(in[3])) gone[static_cast<size_t>(normalize_axis(axis, at.shape.rank()))] = true;
  Shape shape, kept;
  for (int axis = 0; axis < at.shape.rank(); ++axis) {
    const bool dropped = gone[static_cast<size_t>(axis)];
    kept.push_back(dropped ? 1 : at.shape[axis]);
    if (!dropped || node.flag("keep_dims")) shape.push_back(dropped ? 1 : at.shape[axis]);
  }
  const bool is_max = node.op == "SparseReduceMax";
  const std::vector<double> values = to_doubles(in[1]);
  std::vector<double> out(static_cast<size_t>(kept.elements()), 0);
  std::vector<bool> seen(out.size());
  for (int64_t i = 0; i < at.count; ++i) {
    int64_t place = 0;
    for (int axis = 0; axis < kept.rank(); ++axis)
      place = place * kept[axis] + (gone[static_cast<size_t>(axis)] ? 0 : at.row(i)[axis]);
    const auto p = static_cast<size_t>(place);
    const double value = values[static_cast<size_t>(i)];
    out[p] = !is_max ? out[p] + value : seen[p] ? std::max(out[p], value) : value;
    seen[p] = true;
  }
  return {tensor_of_doubles(out, shape, in[1].dtype)};
}

// The sparse values combined with the dense elements at their places.
Tensors with_dense(const NodeDef& node, Tensors& in) {
  const Coordinates at = coordinates(in[0], shape_of(in[2]));
  const Shape& dense = in[3].shape;
  need(broadcast_shapes(dense, at.shape) == at.shape, "dense {} does not fit {}", dense.to_string(),
       at.shape.to_string());
  std::vector<double> values = to_doubles(in[1]);
  const std::vector<double> other = to_doubles(in[3]);
  for (int64_t i = 0; i < at.count; ++i) {
    int64_t place = 0;
    for (int axis = 0; axis < dense.rank(); ++axis) {
      const int64_t index = at.row(i)[at.shape.rank() - dense.rank() + axis];
      place = place * dense[axis] + (dense[axis] == 1 ? 0 : index);
    }
    double& value = values[static_cast<size_t>(i)];
    const double factor = other[static_cast<size_t>(place)];
    value = node.op.ends_with("Mul")   ? value * factor
            : node.op.ends_with("Div") ? value / factor
                                       : value + factor;
  }
  return {tensor_of_doubles(values, in[1].shape, in[1].dtype)};
}

// Ragged tensors.

void check_splits(const std::vector<int64_t>& splits, int64_t values) {
  need(!splits.empty() && splits.front() == 0 && splits.back() <= values &&
           std::is_sorted(splits.begin(), splits.end()),
       "splits of {} rows do not fit {} values", splits.size(), values);
}

Tensors ragged_range(const NodeDef&, Tensors& in) {
  int64_t rows = 1;
  for (int i = 0; i < 3; ++i) {
    if (in[static_cast<size_t>(i)].shape.rank() == 1) rows = in[static_cast<size_t>(i)].shape[0];
  }
  const std::vector<double> starts = to_doubles(in[0]), limits = to_doubles(in[1]),
                            deltas = to_doubles(in[2]);
  std::vector<int64_t> splits{0};
  std::vector<double> values;
  for (int64_t r = 0; r < rows; ++r) {
    const auto at = [&](const std::vector<double>& of) {
      need(size64(of.size()) == rows || of.size() == 1, "{} numbers are given for {} rows", of.size(), rows);
      return of[of.size() == 1 ? 0 : static_cast<size_t>(r)];
    };
    const double start = at(starts), limit = at(limits), delta = at(deltas);
    need(delta != 0, "a step is 0");
    const double count = std::max(std::ceil((limit - start) / delta), 0.0);
    need(count < 1e9, "a range has {} numbers", count);
    for (int64_t i = 0; i < static_cast<int64_t>(count); ++i)
      values.push_back(start + static_cast<double>(i) * delta);
    splits.push_back(size64(values.size()));
  }
  return {vector_of(splits), tensor_of_doubles(values, {size64(values.size())}, in[0].dtype)};
}

Tensors ragged_gather(const NodeDef& node, Tensors& in) {
  const auto depth = static_cast<size_t>(node.integer("PARAMS_RAGGED_RANK"));
  need(depth >= 1 && in.size() == depth + 2 && in.back().shape.rank() <= 1,
       "the ragged rank is {}, the indices have shape {}", depth, in.back().shape.to_string());
  std::vector<int64_t> rows = to_ints(in.back());
  Tensors out;
  for (size_t level = 0; level < depth; ++level) {
    const std::vector<int64_t> splits = to_ints(in[level]);
    check_splits(splits, std::numeric_limits<int64_t>::max());
    std::vector<int64_t> next, ends{0};
    for (int64_t row : rows) {
      need(row >= 0 && row + 1 < size64(splits.size()), "row {} of {} is named", row, splits.size() - 1);
      for (int64_t k = splits[static_cast<size_t>(row)]; k < splits[static_cast<size_t>(row) + 1]; ++k)
        next.push_back(k);
      ends.push_back(size64(next.size()));
    }
    out.push_back(vector_of(ends, in[level].dtype));
    rows = std::move(next);
  }
  const Tensor& values = in[depth];
  need(values.shape.rank() >= 1, "the values are a scalar");
  out.push_back(pick(values, rows, values.shape.with(0, size64(rows.size())),
                     values.shape.elements(1, values.shape.rank())));
  return out;
}

Tensors ragged_to_sparse(const NodeDef&, Tensors& in) {
  const size_t depth = in.size() - 1;
  const Tensor& values = in.back();
  std::vector<std::vector<int64_t>> rows;  // coordinates of each row of the current level
  Shape shape;
  for (size_t level = 0; level < depth; ++level) {
    const std::vector<int64_t> splits = to_ints(in[level]);
    check_splits(splits, std::numeric_limits<int64_t>::max());
    const int64_t count = size64(splits.size()) - 1;
    if (level == 0) {
      for (int64_t r = 0; r < count; ++r) rows.push_back({r});
      shape.push_back(count);
    }
    need(count == size64(rows.size()), "{} splits have {} rows", splits.size(), rows.size());
    std::vector<std::vector<int64_t>> next;
    int64_t longest = 0;
    for (size_t r = 0; r < rows.size(); ++r) {
      for (int64_t k = 0; k < splits[r + 1] - splits[r]; ++k) {
        next.push_back(rows[r]);
        next.back().push_back(k);
      }
      longest = std::max(longest, splits[r + 1] - splits[r]);
    }
    shape.push_back(longest);
    rows = std::move(next);
  }
  need(values.shape.rank() >= 1 && values.shape[0] == size64(rows.size()), "{} values have {} places",
       values.shape.to_string(), rows.size());
  const Shape inner = sub_shape(values.shape, 1, values.shape.rank());
  std::vector<int64_t> indices;
  for (const auto& row : rows) {
    for (int64_t k = 0; k < inner.elements(); ++k) {
      indices.insert(indices.end(), row.begin(), row.end());
      append_unraveled(indices, k, inner);
    }
  }
  shape = joined(shape, inner);
  return {tensor_of_ints(indices, {values.shape.elements(), shape.rank()}),
          reshaped(values, {values.shape.elements()}), sizes_of(shape)};
}

// The row of each value, from one partition: "ROW_SPLITS", "VALUE_ROWIDS".
struct Partition {
  std::vector<int64_t> row_of;
  int64_t rows = 0;
};

Partition partition_of(const std::string& type, const Tensor& x, int64_t rows) {
  Partition out;
  const std::vector<int64_t> values = to_ints(x);
  if (type == "VALUE_ROWIDS") {
    out.row_of = values;
    out.rows = rows;
    return out;
  }
  need(type == "ROW_SPLITS", "a partition of type {} is not known", type);
  check_splits(values, std::numeric_limits<int64_t>::max());
  out.rows = size64(values.size()) - 1;
  for (int64_t r = 0; r < out.rows; ++r)
    out.row_of.insert(
        out.row_of.end(),
        static_cast<size_t>(values[static_cast<size_t>(r) + 1] - values[static_cast<size_t>(r)]), r);
  return out;
}

Tensors ragged_to_tensor(const NodeDef& node, Tensors& in) {
  std::vector<std::string> types = node.texts("row_partition_types");
  need(in.size() == types.size() + 3 && !types.empty(), "{} partitions of {} types are given", in.size() - 3,
       types.size());
  size_t first = 3;
  int64_t rows = -1;
  if (types[0] == "FIRST_DIM_SIZE") {
    rows = one_int(in[3], "the number of rows");
    ++first;
    types.erase(types.begin());
  }
  std::vector<Partition> levels;
  for (size_t k = 0; k < types.size(); ++k) {
    levels.push_back(partition_of(types[k], in[first + k], rows));
    rows = size64(levels.back().row_of.size());
  }
  const Tensor& values = in[1];
  const Shape inner = sub_shape(values.shape, 1, values.shape.rank());
  need(!levels.empty() && values.shape.rank() >= 1 && values.shape[0] == rows, "{} values have {} places",
       values.shape.to_string(), rows);
  Shape shape{levels[0].rows};
  std::vector<std::vector<int64_t>> place;  // within its row, per level
  for (const Partition& level : levels) {
    std::vector<int64_t> counts(static_cast<size_t>(std::max<int64_t>(level.rows, 0)), 0), at;
    for (int64_t row : level.row_of) {
      need(row >= 0 && row < level.rows, "row {} of {} is named", row, level.rows);
      at.push_back(counts[static_cast<size_t>(row)]++);
    }
    shape.push_back(counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end()));
    place.push_back(std::move(at));
  }
  shape = joined(shape, inner);
  const std::vector<int64_t> given = to_ints(in[0]);
  for (size_t axis = 0;
       in[0].shape.rank() == 1 && axis < given.size() && static_cast<int>(axis) < shape.rank(); ++axis) {
    if (given[axis] >= 0) shape[static_cast<int>(axis)] = given[axis];
  }
  const int64_t width = inner.elements(), total = shape.elements();
  need(sub_shape(shape, size64(levels.size()) > 0 ? static_cast<int>(levels.size()) + 1 : 1, shape.rank()) ==
           inner,
       "{} does not end in {}", shape.to_string(), inner.to_string());
  std::vector<int64_t> from(static_cast<size_t>(total), -1);
  for (int64_t v = 0; v < rows; ++v) {
    std::vector<int64_t> index(levels.size() + 1);
    int64_t row = v;
    for (size_t level = levels.size(); level-- > 0;) {
      index[level + 1] = place[level][static_cast<size_t>(row)];
      row = levels[level].row_of[static_cast<size_t>(row)];
    }
    index[0] = row;
    int64_t at = 0;
    bool inside = true;
    for (size_t axis = 0; axis < index.size(); ++axis) {
      inside = inside && index[axis] < shape[static_cast<int>(axis)];
      at = at * shape[static_cast<int>(axis)] + index[axis];
    }
    for (int64_t k = 0; inside && k < width; ++k) from[static_cast<size_t>(at * width + k)] = v * width + k;
  }
  return {chosen(in[2], values, from, shape)};
}

// Sets of the last axis of two tensors: "a-b", "b-a", "intersection", "union".
Tensors set_operation(const NodeDef& node, Tensors& in) {
  const Tensor &a = in[0], &b = in[1];
  const int last = a.shape.rank() - 1;
  need(last >= 1 && a.dtype == b.dtype && sub_shape(a.shape, 0, last) == sub_shape(b.shape, 0, last),
       "sets {} and {} do not fit", a.shape.to_string(), b.shape.to_string());
  need(dtype_is_integer(a.dtype), "sets of {} are not handled", dtype_name(a.dtype));
  const std::vector<int64_t> x = to_ints(a), y = to_ints(b);
  const Shape rows = sub_shape(a.shape, 0, last);
  const std::string kind = node.text("set_operation");
  std::vector<int64_t> indices, values;
  int64_t longest = 0;
  for (int64_t r = 0; r < rows.elements(); ++r) {
    const std::set<int64_t> left(x.begin() + r * a.shape.back(), x.begin() + (r + 1) * a.shape.back());
    const std::set<int64_t> right(y.begin() + r * b.shape.back(), y.begin() + (r + 1) * b.shape.back());
    std::vector<int64_t> out;
    const auto into = std::back_inserter(out);
    if (kind == "a-b") std::set_difference(left.begin(), left.end(), right.begin(), right.end(), into);
    if (kind == "b-a") std::set_difference(right.begin(), right.end(), left.begin(), left.end(), into);
    if (kind == "intersection")
      std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), into);
    if (kind == "union") std::set_union(left.begin(), left.end(), right.begin(), right.end(), into);
    for (size_t k = 0; k < out.size(); ++k) {
      append_unraveled(indices, r, rows);
      indices.push_back(size64(k));
      values.push_back(out[k]);
    }
    longest = std::max(longest, size64(out.size()));
  }
  return {tensor_of_ints(indices, {size64(values.size()), last + 1}), vector_of(values, a.dtype),
          sizes_of(joined(rows, {longest}))};
}

// Where each part of a concatenation starts.
Tensors concat_offset(const NodeDef&, Tensors& in) {
  const int64_t axis = one_int(in[0], "the axis");
  Tensors out;
  int64_t before = 0;
  for (size_t i = 1; i < in.size(); ++i) {
    const std::vector<int64_t> sizes = to_ints(in[i]);
    std::vector<int64_t> offset(sizes.size(), 0);
    const int at = normalize_axis(axis, static_cast<int>(sizes.size()));
    offset[static_cast<size_t>(at)] = before;
    before += sizes[static_cast<size_t>(at)];
    out.push_back(vector_of(offset, in[i].dtype));
  }
  return out;
}

constexpr ComputeRow kRows[] = {
    {"SparseToDense", 4, to_dense, "", false},
    {"SparseTensorDenseAdd", 4, dense_add},
    {"SparseTensorDenseMatMul", 4, dense_matmul},
    {"SparseReshape", 3, reshape, "output_indices output_shape"},
    {"SparseReorder", 3, reorder, "output_indices output_values", false},
    {"SparseFillEmptyRows", 4, fill_empty_rows,
     "output_indices output_values empty_row_indicator reverse_index_map", false},
    {"SparseConcat", 3, concat, "output_indices output_values output_shape", false},
    {"SparseSlice", 5, slice, "output_indices output_values output_shape", false},
    {"SparseReduceSum", 4, reduce},
    {"SparseReduceMax", 4, reduce},
    {"SparseDenseCwiseMul", 4, with_dense},
    {"SparseDenseCwiseDiv", 4, with_dense},
    {"SparseDenseCwiseAdd", 4, with_dense},
    {"RaggedRange", 3, ragged_range, "rt_nested_splits rt_dense_values"},
    {"RaggedGather", 3, ragged_gather, "", false},
    {"RaggedTensorToSparse", 2, ragged_to_sparse, "sparse_indices sparse_values sparse_dense_shape", false},
    {"RaggedTensorToTensor", 4, ragged_to_tensor, "", false},
    {"DenseToDenseSetOperation", 2, set_operation, "result_indices result_values result_shape"},
    {"ConcatOffset", 2, concat_offset}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  if (output == "output_dense_values") return static_cast<size_t>(node.integer("OUTPUT_RAGGED_RANK"));
  return output_of(kRows, node, output);
}

}  // namespace

CORNU_TF_OP(sparse) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
