// Crossed features: every combination of the features that the columns have for a row.
//   SparseCross, SparseCrossV2 (strings joined by a separator), SparseCrossHashed
// Inputs  indices, values and shapes of the sparse columns, then the dense columns (batch, count), then what the op adds
// Source  tensorflow/core/kernels/sparse_cross_op.cc, 2.21
#include <farmhash.h>

#include <limits>

#include "tensorflow/compute.h"
#include "tensorflow/hashes.h"

namespace cornu::tensorflow {
namespace {

constexpr int64_t kMostCrosses = int64_t{1} << 28;  // of all rows: beyond, memory runs out

uint64_t fingerprint(std::string_view bytes) {
  return util::Fingerprint64(bytes.data(), bytes.size());
}

// A column: where the features of each row are among its values.
struct Column {
  Tensor values;
  std::vector<int64_t> first, count;
  bool sparse = false;

  std::string text(int64_t row, int64_t n) const {
    const int64_t at = first[static_cast<size_t>(row)] + n;
    if (values.dtype == DType::string) return strings_of(values)[static_cast<size_t>(at)];
    return std::to_string(number(row, n));
  }
  int64_t number(int64_t row, int64_t n) const {
    return reinterpret_cast<const int64_t*>(values.data)[first[static_cast<size_t>(row)] + n];
  }
};

struct Columns {
  std::vector<Column> all;
  int64_t batch = 0;
  size_t inputs = 0;  // that they took
};

Column sparse_column(const Tensor& indices, const Tensor& values, int64_t batch) {
  need_rank(indices, 2, "the indices");
  need(indices.shape[1] == 2 && values.shape.elements() == indices.shape[0],
       "indices {} do not fit values {}", indices.shape.to_string(), values.shape.to_string());
  const auto rows = static_cast<size_t>(batch);
  Column column{values, std::vector<int64_t>(rows, 0), std::vector<int64_t>(rows, 0), true};
  const std::vector<int64_t> places = to_ints(indices);
  int64_t last = 0;
  for (int64_t i = 0; i < indices.shape[0]; ++i) {
    const int64_t row = places[static_cast<size_t>(2 * i)];
    need(row >= last && row < batch, "row {} of the indices is out of order or of {} rows", row, batch);
    if (column.count[static_cast<size_t>(row)]++ == 0) column.first[static_cast<size_t>(row)] = i;
    last = row;
  }
  return column;
}

Column dense_column(const Tensor& values, int64_t batch) {
  need_rank(values, 2, "a dense column");
  need(values.shape[0] == batch, "a column has {} rows, another {}", values.shape[0], batch);
  const auto rows = static_cast<size_t>(batch);
  Column column{values, std::vector<int64_t>(rows, 0), std::vector<int64_t>(rows, values.shape[1]), false};
  for (size_t row = 0; row < rows; ++row) column.first[row] = static_cast<int64_t>(row) * values.shape[1];
  return column;
}

Columns columns_of(const NodeDef& node, const Tensors& in) {
  const size_t sparse = node.dtypes("sparse_types").size(), dense = node.dtypes("dense_types").size();
  Columns columns;
  columns.inputs = 3 * sparse + dense;
  need(sparse + dense > 0 && in.size() >= columns.inputs, "{} columns are crossed, there are {} inputs",
       sparse + dense, in.size());
  if (sparse > 0) {
    const std::vector<int64_t> shape = to_ints(in[2 * sparse]);
    need(shape.size() == 2 && shape[0] >= 0, "a sparse column has {} axes, two are needed", shape.size());
    columns.batch = shape[0];
    need(columns.batch <= kMostCrosses, "a sparse column has {} rows", columns.batch);
  } else {
    need_rank(in[0], 2, "a dense column");
    columns.batch = in[0].shape[0];
  }
  for (size_t k = 0; k < sparse; ++k)
    columns.all.push_back(sparse_column(in[k], in[sparse + k], columns.batch));
  for (size_t k = 0; k < dense; ++k) columns.all.push_back(dense_column(in[3 * sparse + k], columns.batch));
  for (const Column& column : columns.all)
    need(column.values.dtype == DType::string || column.values.dtype == DType::int64,
         "a column is {}, not string or int64", dtype_name(column.values.dtype));
  return columns;
}

// Calls add(row, choice) for every combination, the last column fastest. Gives indices and shape of the results.
template <class Add>
std::pair<Tensor, Tensor> for_each_cross(const Columns& columns, const Add& add) {
  std::vector<int64_t> indices;
  int64_t most = 0, total = 0;
  for (int64_t row = 0; row < columns.batch; ++row) {
    int64_t count = 1;
    for (const Column& column : columns.all) {
      const int64_t features = column.count[static_cast<size_t>(row)];
      need(features == 0 || count <= kMostCrosses / features, "row {} has too many combinations", row);
      count *= features;
    }
    total += count;
    need(total <= kMostCrosses, "there are more than {} combinations", kMostCrosses);
    most = std::max(most, count);
    std::vector<int64_t> choice(columns.all.size(), 0);
    for (int64_t i = 0; i < count; ++i) {
      add(row, choice);
      indices.insert(indices.end(), {row, i});
      for (size_t k = choice.size(); k-- > 0;) {
        if (++choice[k] < columns.all[k].count[static_cast<size_t>(row)]) break;
        choice[k] = 0;
      }
    }
  }
  return {tensor_of_ints(indices, {total, 2}),
          tensor_of_ints(std::vector<int64_t>{columns.batch, most}, {2})};
}

// All but negative: what is no bucket number is taken modulo the largest int64.
int64_t bucket_of(uint64_t hash, int64_t buckets) {
  return static_cast<int64_t>(
      hash % static_cast<uint64_t>(buckets > 0 ? buckets : std::numeric_limits<int64_t>::max()));
}

Tensors as_texts(const Columns& columns, const std::string& separator) {
  std::vector<std::string> out;
  const auto [indices, shape] = for_each_cross(columns, [&](int64_t row, const std::vector<int64_t>& choice) {
    std::string text;
    for (size_t k = 0; k < choice.size(); ++k)
      text += (k > 0 ? separator : "") + columns.all[k].text(row, choice[k]);
    out.push_back(std::move(text));
  });
  const Shape count{static_cast<int64_t>(out.size())};
  return {indices, string_tensor(std::move(out), count), shape};
}

template <class Hash>
Tensors as_hashes(const Columns& columns, int64_t buckets, const Hash& hash) {
  std::vector<int64_t> out;
  const auto [indices, shape] = for_each_cross(columns, [&](int64_t row, const std::vector<int64_t>& choice) {
    out.push_back(bucket_of(hash(row, choice), buckets));
  });
  return {indices, tensor_of_ints(out, {static_cast<int64_t>(out.size())}), shape};
}

Tensors cross(const NodeDef& node, Tensors& in) {
  const Columns columns = columns_of(node, in);
  if (!node.flag("hashed_output")) return as_texts(columns, "_X_");
  const auto key = static_cast<uint64_t>(node.integer("hash_key"));
  return as_hashes(columns, node.integer("num_buckets"),
                   [&](int64_t row, const std::vector<int64_t>& choice) {
                     uint64_t hash = key;
                     for (size_t k = 0; k < choice.size(); ++k) {
                       const Column& column = columns.all[k];
                       const bool text = column.values.dtype == DType::string;
                       hash = joined_hash(hash, text ? fingerprint(column.text(row, choice[k]))
                                                     : static_cast<uint64_t>(column.number(row, choice[k])));
                     }
                     return hash;
                   });
}

Tensors cross_texts(const NodeDef& node, Tensors& in) {
  const Columns columns = columns_of(node, in);
  need(in.size() > columns.inputs, "the separator is missing");
  const Tensor& separator = in[columns.inputs];
  need_type(separator, DType::string, "the separator");
  need(separator.shape.elements() == 1, "the separator has shape {}", separator.shape.to_string());
  return as_texts(columns, strings_of(separator)[0]);
}

Tensors cross_hashes(const NodeDef& node, Tensors& in) {
  const Columns columns = columns_of(node, in);
  need(in.size() >= columns.inputs + 3, "buckets, strong_hash and salt are missing");
  const int64_t buckets = one_int(in[columns.inputs], "num_buckets");
  // TensorFlow 2.21 ends in a segmentation fault there, so nobody can tell what the answer is.
  if (one_double(cast_tensor(in[columns.inputs + 1], DType::float32), "strong_hash") != 0)
    fail(ErrorCode::unsupported, "", "features are crossed without a strong hash only");
  const auto feature = [&](const Column& column, int64_t row, int64_t n) {
    if (column.values.dtype == DType::string) return fingerprint(column.text(row, n));
    const int64_t number = column.number(row, n);
    if (!column.sparse) return static_cast<uint64_t>(number);
    return fingerprint(
        {reinterpret_cast<const char*>(&number), 4});  // TensorFlow takes four of the eight bytes
  };
  return as_hashes(columns, buckets, [&](int64_t row, const std::vector<int64_t>& choice) {
    uint64_t hash = feature(columns.all[0], row, choice[0]);
    for (size_t k = 1; k < choice.size(); ++k)
      hash = joined_hash(hash, feature(columns.all[k], row, choice[k]));
    return hash;
  });
}

constexpr ComputeRow kRows[] = {
    {"SparseCross", 1, cross, "output_indices output_values output_shape", false},
    {"SparseCrossV2", 2, cross_texts, "output_indices output_values output_shape", false},
    {"SparseCrossHashed", 4, cross_hashes, "output_indices output_values output_shape", false}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  return output_of(kRows, node, output);
}

}  // namespace

CORNU_TF_OP(sparse_cross) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
