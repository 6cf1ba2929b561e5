// Ops that look for elements, order them and move them by numbers: Where, Unique*, ListDiff, InvertPermutation, TopK*,
// NthElement, InTopK*, LowerBound, UpperBound, Bucketize, Roll, ReverseSequence, GatherNd, DynamicPartition, DynamicStitch.
// Source  tensorflow/core/ops/{array,nn,data_flow,math}_ops.cc, 2.21
#include <algorithm>
#include <map>
#include <numeric>

#include "ops/op.h"
#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

int64_t size64(size_t size) {
  return static_cast<int64_t>(size);
}

Tensor numbers_tensor(const std::vector<int64_t>& values, const Shape& shape, DType dtype) {
  return tensor_of_ints(values, shape, dtype);
}

// Coordinates of all elements that are not zero, one row each.
Tensors where(const NodeDef&, Tensors& in) {
  const Tensor& x = in[0];
  const int rank = x.shape.rank();
  std::vector<int64_t> out;
  int64_t rows = 0;
  const int64_t size = dtype_size(x.dtype);
  need(x.dtype != DType::string && x.dtype != kVariant, "{} is no condition", dtype_name(x.dtype));
  const bool floating = dtype_is_floating(x.dtype);
  const std::vector<double> values = floating ? to_doubles(x) : std::vector<double>();
  for (int64_t i = 0; i < x.shape.elements(); ++i) {
    const auto is_set = [&] {
      if (floating) return values[static_cast<size_t>(i)] != 0;
      return std::any_of(x.data + i * size, x.data + (i + 1) * size,
                         [](std::byte b) { return b != std::byte{0}; });
    };
    if (!is_set()) continue;
    ++rows;
    int64_t rest = i;
    std::vector<int64_t> row(static_cast<size_t>(rank));
    for (int axis = rank - 1; axis >= 0; --axis) {
      row[static_cast<size_t>(axis)] = rest % x.shape[axis];
      rest /= x.shape[axis];
    }
    out.insert(out.end(), row.begin(), row.end());
  }
  return {numbers_tensor(out, {rows, rank}, DType::int64)};
}

// Each slice along an axis as a key: equal bytes, equal slice. 0.0 and -0.0 are one.
std::vector<std::string> slices(const Tensor& x, int axis) {
  std::vector<std::string> keys;
  const int64_t outer = x.shape.elements(0, axis), size = x.shape[axis];
  const int64_t inner = x.shape.elements(axis + 1, x.shape.rank());
  const int64_t bytes = dtype_size(x.dtype);
  for (int64_t i = 0; i < size; ++i) {
    std::string key;
    for (int64_t o = 0; o < outer; ++o) {
      for (int64_t k = 0; k < inner; ++k) {
        const int64_t at = (o * size + i) * inner + k;
        if (x.dtype == DType::string) {
          const std::string& text = strings_of(x)[static_cast<size_t>(at)];
          const uint64_t length = text.size();
          key.append(reinterpret_cast<const char*>(&length), sizeof(length));
          key += text;
        } else {
          key.append(reinterpret_cast<const char*>(x.data + at * bytes), static_cast<size_t>(bytes));
        }
      }
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

// Rows of x along an axis, by number.
Tensor pick_along(const Tensor& x, int axis, const std::vector<int64_t>& numbers) {
  const int64_t outer = x.shape.elements(0, axis);
  const int64_t inner = x.shape.elements(axis + 1, x.shape.rank());
  std::vector<int64_t> rows;
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t number : numbers) rows.push_back(o * x.shape[axis] + number);
  }
  return pick(x, rows, x.shape.with(axis, size64(numbers.size())), inner);
}

// -0.0 becomes 0.0.
Tensor without_signed_zero(const Tensor& x) {
  if (!dtype_is_floating(x.dtype) || x.dtype == DType::float16 || x.dtype == DType::bfloat16) return x;
  return ops::with_float_type(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T> values = elements<T>(x);
    for (T& value : values) value = value == T{0} ? T{0} : value;
    return tensor_from(values, x.shape, x.dtype);
  });
}

Tensors unique(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  int axis = 0;
  if (node.op.ends_with("V2") && in.size() > 1 && in[1].shape.elements() > 0)
    axis = normalize_axis(one_int(in[1], "the axis"), x.shape.rank());
  else
    need_rank(x, 1, "x");
  std::map<std::string, int64_t> known;
  std::vector<int64_t> first, numbers, counts;
  const std::vector<std::string> keys = slices(without_signed_zero(x), axis);
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto [found, added] = known.emplace(keys[i], size64(first.size()));
    if (added) {
      first.push_back(size64(i));
      counts.push_back(0);
    }
    numbers.push_back(found->second);
    ++counts[static_cast<size_t>(found->second)];
  }
  const DType index = node.dtype("out_idx", DType::int32);
  return {pick_along(x, axis, first), numbers_tensor(numbers, {size64(numbers.size())}, index),
          numbers_tensor(counts, {size64(counts.size())}, index)};
}

Tensors list_diff(const NodeDef& node, Tensors& in) {
  need_rank(in[0], 1, "x");
  need_rank(in[1], 1, "y");
  std::vector<std::string> gone = slices(without_signed_zero(in[1]), 0);
  std::sort(gone.begin(), gone.end());
  std::vector<int64_t> kept;
  const std::vector<std::string> keys = slices(without_signed_zero(in[0]), 0);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!std::binary_search(gone.begin(), gone.end(), keys[i])) kept.push_back(size64(i));
  }
  return {pick(in[0], kept, {size64(kept.size())}),
          numbers_tensor(kept, {size64(kept.size())}, node.dtype("out_idx", DType::int32))};
}

Tensors invert_permutation(const NodeDef&, Tensors& in) {
  need_rank(in[0], 1, "x");
  const std::vector<int64_t> x = to_ints(in[0]);
  std::vector<int64_t> out(x.size(), -1);
  for (size_t i = 0; i < x.size(); ++i) {
    need(x[i] >= 0 && x[i] < size64(x.size()) && out[static_cast<size_t>(x[i])] < 0,
         "{} is no entry of a permutation of {}", x[i], x.size());
    out[static_cast<size_t>(x[i])] = size64(i);
  }
  return {numbers_tensor(out, in[0].shape, in[0].dtype)};
}

// The order of a row's elements, largest first; of equal ones the first comes first.
std::vector<int64_t> descending(const double* row, int64_t size) {
  std::vector<int64_t> order(static_cast<size_t>(size));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return row[a] > row[b]; });
  return order;
}

Tensors top_k(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  need_number(x, "x");
  const int64_t k = node.op == "TopK" ? node.integer("k") : one_int(in.at(1), "k");
  need(x.shape.rank() > 0 && k >= 0 && k <= x.shape.back(), "the {} largest of {} are asked for", k,
       x.shape.to_string());
  const int64_t size = x.shape.back();
  const std::vector<double> values = to_doubles(x);
  std::vector<int64_t> rows, places;
  for (int64_t at = 0; at < size64(values.size()); at += size) {
    const std::vector<int64_t> order = descending(values.data() + at, size);
    for (int64_t i = 0; i < k; ++i) {
      places.push_back(order[static_cast<size_t>(i)]);
      rows.push_back(at + places.back());
    }
  }
  const Shape shape = x.shape.with(x.shape.rank() - 1, k);
  return {pick(x, rows, shape), numbers_tensor(places, shape, node.dtype("index_type", DType::int32))};
}

Tensors nth_element(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  need_number(x, "x");
  const int64_t n = one_int(in[1], "n");
  need(x.shape.rank() > 0 && n >= 0 && n < x.shape.back(), "element {} of {} is asked for", n,
       x.shape.to_string());
  const int64_t size = x.shape.back();
  const std::vector<double> values = to_doubles(x);
  std::vector<int64_t> rows;
  for (int64_t at = 0; at < size64(values.size()); at += size) {
    const std::vector<int64_t> order = descending(values.data() + at, size);
    rows.push_back(at + order[static_cast<size_t>(node.flag("reverse") ? n : size - 1 - n)]);
  }
  return {pick(x, rows, sub_shape(x.shape, 0, x.shape.rank() - 1))};
}

Tensors in_top_k(const NodeDef& node, Tensors& in) {
  need_rank(in[0], 2, "the predictions");
  need_rank(in[1], 1, "the targets");
  const int64_t k = node.op == "InTopK" ? node.integer("k") : one_int(in.at(2), "k");
  const std::vector<double> values = to_doubles(in[0]);
  const std::vector<int64_t> targets = to_ints(in[1]);
  const int64_t size = in[0].shape[1];
  need(in[0].shape[0] == size64(targets.size()), "{} targets belong to {}", targets.size(),
       in[0].shape.to_string());
  std::vector<uint8_t> out;
  for (size_t i = 0; i < targets.size(); ++i) {
    const double* row = values.data() + size64(i) * size;
    const int64_t target = targets[i];
    bool fits = target >= 0 && target < size &&
                std::all_of(row, row + size, [](double v) { return std::isfinite(v); });
    if (fits) fits = std::count_if(row, row + size, [&](double v) { return v > row[target]; }) < k;
    out.push_back(fits);
  }
  return {tensor_from(out, in[1].shape, DType::boolean)};
}

// Places in sorted rows.
Tensors bound(const NodeDef& node, Tensors& in) {
  need_rank(in[0], 2, "the sorted rows");
  need_rank(in[1], 2, "the values");
  need(in[0].shape[0] == in[1].shape[0], "{} rows meet {}", in[0].shape[0], in[1].shape[0]);
  const std::vector<double> sorted = to_doubles(in[0]), values = to_doubles(in[1]);
  std::vector<int64_t> out;
  const int64_t width = std::max<int64_t>(in[1].shape[1], 1);
  for (size_t i = 0; i < values.size(); ++i) {
    const double* first = sorted.data() + size64(i) / width * in[0].shape[1];
    const double* last = first + in[0].shape[1];
    out.push_back((node.op == "LowerBound" ? std::lower_bound(first, last, values[i])
                                           : std::upper_bound(first, last, values[i])) -
                  first);
  }
  return {numbers_tensor(out, in[1].shape, node.dtype("out_type", DType::int32))};
}

Tensors bucketize(const NodeDef& node, Tensors& in) {
  const Floats edges = node.floats("boundaries");
  std::vector<int64_t> out;
  for (double x : to_doubles(in[0])) {
    out.push_back(std::upper_bound(edges.begin(), edges.end(), x) - edges.begin());
  }
  return {numbers_tensor(out, in[0].shape, DType::int32)};
}

// One list of values and one list of edges per feature: a value falls behind all edges that are smaller.
Tensors boosted_trees_bucketize(const NodeDef& node, Tensors& in) {
  const auto count = static_cast<size_t>(node.integer("num_features"));
  need(in.size() == 2 * count, "{} inputs make no {} features", in.size(), count);
  Tensors out;
  for (size_t i = 0; i < count; ++i) {
    const std::vector<double> edges = to_doubles(in[count + i]);
    std::vector<int64_t> places;
    for (double x : to_doubles(in[i])) {
      const int64_t place = std::lower_bound(edges.begin(), edges.end(), x) - edges.begin();
      places.push_back(std::max<int64_t>(std::min(place, size64(edges.size()) - 1), 0));
    }
    out.push_back(numbers_tensor(places, in[i].shape, DType::int32));
  }
  return out;
}

Tensors roll(const NodeDef&, Tensors& in) {
  Tensor x = in[0];
  const std::vector<int64_t> shifts = to_ints(in[1]), axes = to_ints(in[2]);
  need(shifts.size() == axes.size(), "{} shifts meet {} axes", shifts.size(), axes.size());
  for (size_t i = 0; i < axes.size(); ++i) {
    const int axis = normalize_axis(axes[i], x.shape.rank());
    const int64_t size = x.shape[axis];
    if (size == 0) continue;
    std::vector<int64_t> numbers(static_cast<size_t>(size));
    for (int64_t k = 0; k < size; ++k)
      numbers[static_cast<size_t>(k)] = ((k - shifts[i] % size) % size + size) % size;
    x = pick_along(x, axis, numbers);
  }
  return {x};
}

Tensors reverse_sequence(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  const int sequence = normalize_axis(node.integer("seq_dim"), x.shape.rank());
  const int batch = normalize_axis(node.integer("batch_dim"), x.shape.rank());
  const std::vector<int64_t> lengths = to_ints(in[1]);
  need(size64(lengths.size()) == x.shape[batch] && sequence != batch, "{} lengths belong to {}",
       lengths.size(), x.shape.to_string());
  for (int64_t length : lengths)
    need(length >= 0 && length <= x.shape[sequence], "a length is {} of {}", length, x.shape[sequence]);
  std::vector<int64_t> numbers;
  const int64_t step = x.shape.elements(sequence + 1, x.shape.rank());
  const int64_t batch_step = x.shape.elements(batch + 1, x.shape.rank());
  for (int64_t at = 0; at < x.shape.elements(); ++at) {
    const int64_t place = at / step % x.shape[sequence];
    const int64_t length = lengths[static_cast<size_t>(at / batch_step % x.shape[batch])];
    numbers.push_back(place < length ? at + (length - 1 - 2 * place) * step : at);
  }
  return {pick(x, numbers, x.shape)};
}

Tensors gather_nd(const NodeDef&, Tensors& in) {
  const Tensor& x = in[0];
  const Shape& shape = in[1].shape;
  need(shape.rank() > 0 && shape.back() <= x.shape.rank(), "indices {} do not fit {}", shape.to_string(),
       x.shape.to_string());
  const int depth = static_cast<int>(shape.back());
  const std::vector<int64_t> indices = to_ints(in[1]);
  const int64_t count = shape.elements(0, shape.rank() - 1);
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < count; ++i) {
    int64_t row = 0;
    for (int axis = 0; axis < depth; ++axis) {
      const int64_t index = indices[static_cast<size_t>(i * depth + axis)];
      need(index >= 0 && index < x.shape[axis], "index {} is outside an axis of size {}", index,
           x.shape[axis]);
      row = row * x.shape[axis] + index;
    }
    rows.push_back(row);
  }
  const Shape slice = sub_shape(x.shape, depth, x.shape.rank());
  return {pick(x, rows, joined(sub_shape(shape, 0, shape.rank() - 1), slice), slice.elements())};
}

Tensors partition(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  const int64_t count = node.integer("num_partitions");
  const int rank = in[1].shape.rank();
  need(count >= 1 && count < (1 << 20), "{} partitions are asked for", count);
  need(rank <= x.shape.rank() && sub_shape(x.shape, 0, rank) == in[1].shape, "partitions {} do not fit {}",
       in[1].shape.to_string(), x.shape.to_string());
  std::vector<std::vector<int64_t>> rows(static_cast<size_t>(count));
  const std::vector<int64_t> partitions = to_ints(in[1]);
  for (size_t i = 0; i < partitions.size(); ++i) {
    need(partitions[i] >= 0 && partitions[i] < count, "partition {} of {} is named", partitions[i], count);
    rows[static_cast<size_t>(partitions[i])].push_back(size64(i));
  }
  const Shape slice = sub_shape(x.shape, rank, x.shape.rank());
  Tensors out;
  for (const auto& part : rows)
    out.push_back(pick(x, part, joined({size64(part.size())}, slice), slice.elements()));
  return out;
}

Tensors stitch(const NodeDef&, Tensors& in) {
  const size_t count = in.size() / 2;
  need(in.size() % 2 == 0 && count > 0, "{} inputs are no pairs", in.size());
  int64_t rows = 0;
  std::vector<std::vector<int64_t>> numbers;
  for (size_t i = 0; i < count; ++i) {
    numbers.push_back(to_ints(in[i]));
    for (int64_t number : numbers.back()) {
      need(number >= 0 && number < (int64_t{1} << 31), "row {} is named", number);
      rows = std::max(rows, number + 1);
    }
  }
  const Shape slice = sub_shape(in[count].shape, in[0].shape.rank(), in[count].shape.rank());
  // All rows one after the other, and where each one of the result lies there.
  Tensor all = zeros(in[count].dtype, {});
  std::vector<int64_t> from(static_cast<size_t>(rows), -1);
  std::vector<std::string> texts;
  std::string bytes;
  int64_t next = 0;
  for (size_t i = 0; i < count; ++i) {
    const Tensor& data = in[count + i];
    need(data.dtype == in[count].dtype && data.shape == joined(in[i].shape, slice),
         "rows {} do not fit numbers {}", data.shape.to_string(), in[i].shape.to_string());
    for (int64_t number : numbers[i]) from[static_cast<size_t>(number)] = next++;
    if (data.dtype == DType::string) {
      texts.insert(texts.end(), strings_of(data).begin(), strings_of(data).end());
    } else {
      bytes.append(reinterpret_cast<const char*>(data.data), static_cast<size_t>(data.size_bytes()));
    }
  }
  const Shape shape = joined({next}, slice);
  if (all.dtype == DType::string) {
    all = string_tensor(std::move(texts), shape);
  } else {
    NewTensor made = new_tensor(all.dtype, shape);
    if (!bytes.empty()) std::memcpy(made.data, bytes.data(), bytes.size());
    all = made.tensor;
  }
  return {pick(all, from, joined({rows}, slice), slice.elements())};
}

Tensors unravel_index(const NodeDef&, Tensors& in) {
  const std::vector<int64_t> dims = to_ints(in[1]), indices = to_ints(in[0]);
  const size_t count = indices.size();
  std::vector<int64_t> out(count * dims.size());
  for (size_t i = 0; i < count; ++i) {
    int64_t rest = indices[i];
    need(rest >= 0, "index {} is negative", rest);
    for (size_t axis = dims.size(); axis-- > 0;) {
      need(dims[axis] > 0, "a size is {}", dims[axis]);
      out[axis * count + i] = rest % dims[axis];
      rest /= dims[axis];
    }
  }
  return {numbers_tensor(out, joined({size64(dims.size())}, in[0].shape), in[0].dtype)};
}

constexpr ComputeRow kRows[] = {{"Where", 1, where},
                                {"Unique", 1, unique, "y idx", false},
                                {"UniqueV2", 2, unique, "y idx", false},
                                {"UniqueWithCounts", 1, unique, "y idx count", false},
                                {"UniqueWithCountsV2", 2, unique, "y idx count", false},
                                {"ListDiff", 2, list_diff, "out idx", false},
                                {"InvertPermutation", 1, invert_permutation},
                                {"TopK", 1, top_k, "values indices", false},
                                {"TopKV2", 2, top_k, "values indices", false},
                                {"NthElement", 2, nth_element, "", false},
                                {"InTopK", 2, in_top_k},
                                {"InTopKV2", 3, in_top_k},
                                {"LowerBound", 2, bound},
                                {"UpperBound", 2, bound},
                                {"Bucketize", 1, bucketize},
                                {"BoostedTreesBucketize", 0, boosted_trees_bucketize},
                                {"Roll", 3, roll, "", false},
                                {"ReverseSequence", 2, reverse_sequence, "", false},
                                {"GatherNd", 2, gather_nd, "", false},
                                {"DynamicPartition", 2, partition, "", false},
                                {"DynamicStitch", 2, stitch, "", false},
                                {"ParallelDynamicStitch", 2, stitch, "", false},
                                {"UnravelIndex", 2, unravel_index}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  return output_of(kRows, node, output);
}

}  // namespace

CORNU_TF_OP(order) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
