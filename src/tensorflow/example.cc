// ParseExample, ParseExampleV2, ParseSingleExample: serialized tf.Example messages -> dense, sparse and ragged tensors.
// Source  tensorflow/core/example/{example,feature}.proto, util/example_proto_fast_parsing.cc, 2.21
// Errors  bad_file: bytes that are no Example; bad_shape: a feature that is missing, or of another type or size
#include <algorithm>
#include <map>

#include "formats/proto.h"
#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

// Values of one feature, or of one column of the result, of one of three types.
struct Column {
  DType dtype = DType::float32;
  std::vector<float> floats;
  std::vector<int64_t> ints;
  std::vector<std::string> texts;

  int64_t size() const { return static_cast<int64_t>(floats.size() + ints.size() + texts.size()); }
  void append(const Column& other) {
    floats.insert(floats.end(), other.floats.begin(), other.floats.end());
    ints.insert(ints.end(), other.ints.begin(), other.ints.end());
    texts.insert(texts.end(), other.texts.begin(), other.texts.end());
  }
  Tensor tensor(const Shape& shape) const {
    if (dtype == DType::string) return string_tensor(texts, shape);
    return dtype == DType::int64 ? tensor_from(ints, shape, dtype) : tensor_from(floats, shape, dtype);
  }
};

Column column_of(const Tensor& x) {
  Column out{x.dtype, {}, {}, {}};
  if (x.dtype == DType::string) out.texts.assign(strings_of(x).begin(), strings_of(x).end());
  if (x.dtype == DType::int64) out.ints = elements<int64_t>(x);
  if (x.dtype == DType::float32) out.floats = elements<float>(x);
  return out;
}

// BytesList, FloatList, Int64List: field 1, repeated, packed or not.
void read_list(protozero::pbf_reader list, Column& out) {
  while (list.next(1)) {
    const bool packed = list.wire_type() == protozero::pbf_wire_type::length_delimited;
    if (out.dtype == DType::string) {
      out.texts.emplace_back(view_of(list));
    } else if (out.dtype == DType::int64) {
      if (packed) {
        for (int64_t value : list.get_packed_int64()) out.ints.push_back(value);
      } else {
        out.ints.push_back(varint_of(list));
      }
    } else if (packed) {
      for (float value : list.get_packed_float()) out.floats.push_back(value);
    } else {
      if (list.wire_type() != protozero::pbf_wire_type::fixed32)
        throw protozero::unknown_pbf_wire_type_exception{};
      out.floats.push_back(list.get_float());
    }
  }
}

using Features = std::map<std::string_view, Column>;

Features read_example(std::string_view bytes) {
  return read_proto(bytes, "a serialized tf.Example", [](protozero::pbf_reader example) {
    Features features;
    while (example.next(1)) {
      protozero::pbf_reader map(view_of(example));
      while (map.next(1)) {
        const auto [name, value] = map_entry(view_of(map));
        protozero::pbf_reader feature(value);
        Column column;
        bool has_kind = false;
        while (feature.next()) {
          if (feature.tag() < 1 || feature.tag() > 3) {
            feature.skip();
            continue;
          }
          column = {};
          column.dtype = feature.tag() == 1   ? DType::string
                         : feature.tag() == 2 ? DType::float32
                                              : DType::int64;
          has_kind = true;
          read_list(protozero::pbf_reader(view_of(feature)), column);
        }
        if (has_kind) features[name] = std::move(column);
      }
    }
    return features;
  });
}

// What a node asks for.
struct Wanted {
  std::vector<std::string> sparse_keys, dense_keys, ragged_keys;
  std::vector<DType> sparse_types, ragged_types, split_types;
  std::vector<MaybeShape> dense_shapes;
  std::vector<Tensor> defaults;
};

// The feature of an example; null if it has none.
const Column* feature_of(const Features& features, const std::string& key, DType dtype) {
  const auto found = features.find(key);
  if (found == features.end()) return nullptr;
  need(found->second.dtype == dtype || found->second.size() == 0, "feature '{}' is {}, {} is needed", key,
       dtype_name(found->second.dtype), dtype_name(dtype));
  return &found->second;
}

void add_sparse(const std::vector<Features>& rows, bool batched, const std::string& key, DType dtype,
                Tensors (&out)[3]) {
  Column values{dtype, {}, {}, {}};
  std::vector<int64_t> indices;
  int64_t longest = 0;
  for (size_t r = 0; r < rows.size(); ++r) {
    const Column* feature = feature_of(rows[r], key, dtype);
    if (feature == nullptr) continue;
    for (int64_t k = 0; k < feature->size(); ++k) {
      if (batched) indices.push_back(static_cast<int64_t>(r));
      indices.push_back(k);
    }
    longest = std::max(longest, feature->size());
    values.append(*feature);
  }
  out[0].push_back(tensor_of_ints(indices, {values.size(), batched ? 2 : 1}));
  out[1].push_back(values.tensor({values.size()}));
  const std::vector<int64_t> shape = batched
                                         ? std::vector<int64_t>{static_cast<int64_t>(rows.size()), longest}
                                         : std::vector<int64_t>{longest};
  out[2].push_back(tensor_of_ints(shape, {static_cast<int64_t>(shape.size())}));
}

// A feature with as many values in each example as the shape says.
Tensor fixed_dense(const std::vector<Features>& rows, const std::string& key, const Tensor& fallback,
                   const Shape& shape) {
  const Column filled = column_of(fallback);
  Column out{fallback.dtype, {}, {}, {}};
  for (const Features& row : rows) {
    const Column* feature = feature_of(row, key, fallback.dtype);
    if (feature == nullptr) {
      need(filled.size() == shape.elements(), "feature '{}' is missing in an example, and has no default",
           key);
      out.append(filled);
      continue;
    }
    need(feature->size() == shape.elements(), "feature '{}' has {} values, {} are needed", key,
         feature->size(), shape.elements());
    out.append(*feature);
  }
  return out.tensor(joined({static_cast<int64_t>(rows.size())}, shape));
}

// A feature whose first axis differs: padded to the longest.
Tensor variable_dense(const std::vector<Features>& rows, const std::string& key, const Tensor& fallback,
                      const Shape& shape) {
  const int64_t width = shape.elements(1, shape.rank());
  need(width > 0, "feature '{}' has rows of no values", key);
  int64_t longest = 0;
  for (const Features& row : rows) {
    const Column* feature = feature_of(row, key, fallback.dtype);
    if (feature == nullptr) continue;
    need(feature->size() % width == 0, "feature '{}' has {} values, a multiple of {} is needed", key,
         feature->size(), width);
    longest = std::max(longest, feature->size() / width);
  }
  const Column given = column_of(fallback);
  Column pad{fallback.dtype, {}, {}, {}};
  if (given.size() == 1) {
    pad = given;
  } else if (pad.dtype == DType::string) {
    pad.texts.resize(1);
  } else if (pad.dtype == DType::int64) {
    pad.ints.resize(1);
  } else {
    pad.floats.resize(1);
  }
  Column out{fallback.dtype, {}, {}, {}};
  for (const Features& row : rows) {
    const Column* feature = feature_of(row, key, fallback.dtype);
    const int64_t count = feature == nullptr ? 0 : feature->size();
    if (feature != nullptr) out.append(*feature);
    for (int64_t k = count; k < longest * width; ++k) out.append(pad);
  }
  return out.tensor(joined({static_cast<int64_t>(rows.size()), longest}, sub_shape(shape, 1, shape.rank())));
}

Tensor dense(const std::vector<Features>& rows, const std::string& key, const Tensor& fallback,
             const MaybeShape& shape) {
  need(shape.has_value(), "the shape of feature '{}' is not known", key);
  const bool varies = shape->rank() > 0 && (*shape)[0] == Shape::kUnknown;
  for (int axis = varies ? 1 : 0; axis < shape->rank(); ++axis)
    need((*shape)[axis] >= 0, "the shape of feature '{}' is not known", key);
  return varies ? variable_dense(rows, key, fallback, *shape) : fixed_dense(rows, key, fallback, *shape);
}

void add_ragged(const std::vector<Features>& rows, const std::string& key, DType dtype, DType split_type,
                Tensors (&out)[2]) {
  Column values{dtype, {}, {}, {}};
  std::vector<int64_t> splits{0};
  for (const Features& row : rows) {
    if (const Column* feature = feature_of(row, key, dtype)) values.append(*feature);
    splits.push_back(values.size());
  }
  out[0].push_back(values.tensor({values.size()}));
  out[1].push_back(tensor_of_ints(splits, {static_cast<int64_t>(splits.size())}, split_type));
}

Tensors parse(const Tensor& serialized, const Wanted& wanted) {
  need_type(serialized, DType::string, "the serialized examples");
  need(serialized.shape.rank() <= 1, "the serialized examples have shape {}", serialized.shape.to_string());
  const bool batched = serialized.shape.rank() == 1;
  std::vector<Features> rows;
  for (const std::string& bytes : strings_of(serialized)) rows.push_back(read_example(bytes));
  const size_t sparse_count = wanted.sparse_keys.size(), dense_count = wanted.dense_keys.size(),
               ragged_count = wanted.ragged_keys.size();
  need(wanted.sparse_types.size() == sparse_count && wanted.dense_shapes.size() == dense_count &&
           wanted.defaults.size() == dense_count && wanted.ragged_types.size() == ragged_count &&
           wanted.split_types.size() == ragged_count,
       "keys, types and shapes differ in number");
  Tensors sparse[3], ragged[2], out;
  for (size_t i = 0; i < sparse_count; ++i)
    add_sparse(rows, batched, wanted.sparse_keys[i], wanted.sparse_types[i], sparse);
  for (const Tensors& part : sparse) out.insert(out.end(), part.begin(), part.end());
  for (size_t i = 0; i < dense_count; ++i) {
    Tensor value = dense(rows, wanted.dense_keys[i], wanted.defaults[i], wanted.dense_shapes[i]);
    if (!batched) value.shape = sub_shape(value.shape, 1, value.shape.rank());
    out.push_back(std::move(value));
  }
  for (size_t i = 0; i < ragged_count; ++i)
    add_ragged(rows, wanted.ragged_keys[i], wanted.ragged_types[i], wanted.split_types[i], ragged);
  for (const Tensors& part : ragged) out.insert(out.end(), part.begin(), part.end());
  return out;
}

std::vector<std::string> texts(const Tensor& x) {
  need_type(x, DType::string, "a list of keys");
  return {strings_of(x).begin(), strings_of(x).end()};
}

Tensors parse_v2(const NodeDef& node, Tensors& in) {
  return parse(in[0], {texts(in[2]),
                       texts(in[3]),
                       texts(in[4]),
                       node.dtypes("sparse_types"),
                       node.dtypes("ragged_value_types"),
                       node.dtypes("ragged_split_types"),
                       node.shapes("dense_shapes"),
                       {in.begin() + 5, in.end()}});
}

Tensors parse_v1(const NodeDef& node, Tensors& in) {
  const int64_t sparse = node.integer("Nsparse"), dense_count = node.integer("Ndense");
  need(sparse >= 0 && dense_count >= 0 && in.size() == static_cast<size_t>(2 + sparse + 2 * dense_count),
       "{} inputs, {} sparse and {} dense features", in.size(), sparse, dense_count);
  Wanted wanted;
  const auto key = [&](int64_t i) { return texts(in[static_cast<size_t>(i)]).at(0); };
  for (int64_t i = 0; i < sparse; ++i) wanted.sparse_keys.push_back(key(2 + i));
  for (int64_t i = 0; i < dense_count; ++i) wanted.dense_keys.push_back(key(2 + sparse + i));
  wanted.sparse_types = node.dtypes("sparse_types");
  wanted.dense_shapes = node.shapes("dense_shapes");
  wanted.defaults.assign(in.begin() + 2 + sparse + dense_count, in.end());
  return parse(in[0], wanted);
}

Tensors parse_single(const NodeDef& node, Tensors& in) {
  Wanted wanted;
  wanted.sparse_keys = node.texts("sparse_keys");
  wanted.dense_keys = node.texts("dense_keys");
  wanted.sparse_types = node.dtypes("sparse_types");
  wanted.dense_shapes = node.shapes("dense_shapes");
  wanted.defaults.assign(in.begin() + 1, in.end());
  return parse(in[0], wanted);
}

constexpr ComputeRow kRows[] = {
    {"ParseExample", 2, parse_v1}, {"ParseExampleV2", 5, parse_v2}, {"ParseSingleExample", 1, parse_single}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  const auto sparse = static_cast<size_t>(node.integer(node.op == "ParseExample" ? "Nsparse" : "num_sparse"));
  const size_t dense_count = node.dtypes("Tdense").size();
  if (output == "sparse_values") return sparse;
  if (output == "sparse_shapes") return 2 * sparse;
  if (output == "dense_values") return 3 * sparse;
  if (output == "ragged_values") return 3 * sparse + dense_count;
  if (output == "ragged_row_splits")
    return 3 * sparse + dense_count + node.dtypes("ragged_value_types").size();
  return 0;
}

}  // namespace

CORNU_TF_OP(example) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
