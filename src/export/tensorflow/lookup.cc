// Positions among keys, buckets of hashes, counts. Tables are written as sorted constants that LowerBound searches, so that the
// graph needs no resource that someone would have to initialise.
#include <farmhash.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

// The most buckets there can be: a fingerprint modulo it tells strings apart.
constexpr int64_t kBuckets = std::numeric_limits<int64_t>::max();

constexpr int64_t kCrossKey = 0xDECAFCAFFE;  // _DEFAULT_CROSS_HASH_KEY of tensorflow/python/ops/sparse_ops.py

Ref flat(TfCall& call, const Ref& x, DType type, const Ints& shape) {
  return call.typed("Reshape", type, {x, call.ints(shape)}, {{"Tshape", type_of(DType::int32)}});
}

// How many elements of `row`, sorted, lie before each element of x; of a row of rows where x has rows.
Ref search(TfCall& call, bool right, const Ref& row, const Ref& x, DType type, DType index) {
  return call.typed(right ? "UpperBound" : "LowerBound", type, {row, x}, {{"out_type", type_of(index)}});
}

void searchsorted(TfCall& call) {
  const DType type = call.dtype();
  const DType index = call.out_dtype();
  const bool right = call.attrs.flag("right");
  const bool one_row = call.shape(0).rank() == 1;
  const int64_t width = call.shape(0).back();
  if (!one_row && call.shape(0).rank() != 2)
    call.fail("searchsorted over {} axes cannot be written for TensorFlow", call.shape(0).rank());
  const Ref row = one_row ? flat(call, call.in(0), type, {1, width}) : call.in(0);
  const Ref x = one_row ? flat(call, call.in(1), type, {1, -1}) : call.in(1);
  Ref y = search(call, right, row, x, type, index);
  if (one_row) y = call.reshape_like(y, index, call.in(1), type);
  if (!right && dtype_is_floating(type) && one_row) {
    // NaN is larger than everything.
    const Ref is_nan = call.typed("IsNan", type, {call.in(1)});
    y = call.typed("SelectV2", index, {is_nan, call.scalar(static_cast<double>(width), index), y});
  }
  call.out(y);
}

int64_t hash_of(const std::string& text) {
  return static_cast<int64_t>(util::Fingerprint64(text.data(), text.size()) %
                              static_cast<uint64_t>(kBuckets));
}

// What stands for each key in the search: the key itself, or the hash of a string.
Ints searched_keys(TfCall& call, const Tensor& keys) {
  if (keys.dtype != DType::string) return to_ints(keys);
  const auto* texts = reinterpret_cast<const std::string*>(keys.data);
  const int64_t count = keys.shape.elements();
  Ints hashes;
  std::map<int64_t, const std::string*> seen;
  for (const std::string* text = texts; text != texts + count; ++text) {
    hashes.push_back(hash_of(*text));
    if (*seen.emplace(hashes.back(), text).first->second != *text)
      call.fail("two words of the vocabulary have the same hash, '{}' is one", *text);
  }
  return hashes;
}

// x is searched in the sorted keys; where the key that is found there is not x itself, the answer is -1.
void index_lookup(TfCall& call) {
  const DType type = call.dtype();
  const Tensor& keys = call.constant_in(1, "keys of a lookup");
  const int64_t count = keys.shape.elements();
  const Ref missing = call.scalar(-1, DType::int64);
  if (count == 0) {
    return call.out(call.typed("BroadcastTo", DType::int64, {missing, call.shape_at_run(call.in(0), type)},
                               {{"Tidx", type_of(DType::int32)}}));
  }
  const Ints searched = searched_keys(call, keys);
  Ints order(searched.size());
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](int64_t i) { return searched[static_cast<size_t>(i)]; };
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return key(a) < key(b); });
  Ints sorted;
  for (const int64_t i : order) sorted.push_back(key(i));
  Ref x = call.in(0);
  if (type == DType::string) x = call.plain("StringToHashBucketFast", {x}, {{"num_buckets", kBuckets}});
  const Ref at = search(call, false, call.constant(tensor_of_ints(sorted, {1, count})),
                        flat(call, x, DType::int64, {1, -1}), DType::int64, DType::int32);
  const Ref inside = call.int_op("Minimum", at, call.int_scalar(count - 1));
  const Ref positions = call.reshape_like(
      call.gather(call.constant(tensor_of_ints(order, {count})), DType::int64, inside, DType::int32, 0),
      DType::int64, call.in(0), type);
  const Ref found =
      call.typed("Equal", type, {call.gather(call.in(1), type, positions, DType::int64, 0), call.in(0)});
  call.out(call.typed("SelectV2", DType::int64, {found, positions, missing}));
}

// The whole fingerprint of each string, which TensorFlow gives as 8 bytes.
Ref fingerprints(TfCall& call, const Ref& texts) {
  const Ref rows = flat(call, texts, DType::string, {-1});
  const Ref bytes =
      call.typed("Fingerprint", DType::string, {rows, call.constant(string_tensor({"farmhash64"}, {}))});
  const Ref whole = call.typed("Bitcast", DType::uint8, {bytes}, {{"type", type_of(DType::int64)}});
  return call.reshape_like(whole, DType::int64, texts, DType::string);
}

void hash_bucket(TfCall& call) {
  const Ref texts = call.dtype() == DType::string ? call.in(0) : call.op("AsString", {call.in(0)});
  const int64_t buckets = call.attrs.integer("buckets");
  call.out(buckets == 0 ? fingerprints(call, texts)
                        : call.plain("StringToHashBucketFast", {texts}, {{"num_buckets", buckets}}));
}

void hash_cross(TfCall& call) {
  std::vector<Ref> inputs;
  for (size_t i = 0; i < call.inputs(); ++i) inputs.push_back(flat(call, call.in(i), DType::int64, {-1, 1}));
  const TfTypes dense{std::vector<int>(inputs.size(), type_of(DType::int64).number)};
  const TfType integer = type_of(DType::int64);
  const Ref y = call.plain("SparseCross", std::move(inputs),
                           {{"N", int64_t{0}},
                            {"hashed_output", true},
                            {"num_buckets", call.attrs.integer("buckets")},
                            {"hash_key", kCrossKey},
                            {"sparse_types", TfTypes{}},
                            {"dense_types", dense},
                            {"out_type", integer},
                            {"internal_type", integer}});
  call.out(call.reshape_like(y, DType::int64, call.in(0), DType::int64));
}

void bincount(TfCall& call) {
  const int64_t depth = call.attrs.integer("depth");
  const DType type = call.out_dtype();
  const int rank = call.shape().rank();
  const int64_t width = call.shape().back();
  Ref x = call.cast(call.in(0), call.dtype(), DType::int64);
  // What is negative does not count, and neither does what is not below the depth.
  const Ref limit = call.scalar(static_cast<double>(depth), DType::int64);
  const Ref negative = call.typed("Less", DType::int64, {x, call.scalar(0, DType::int64)});
  x = call.typed("SelectV2", DType::int64, {negative, limit, x});
  Ref weights = call.inputs() > 1 ? call.in(1) : call.constant({type, {0}, nullptr, nullptr, false});
  if (rank > 2) {
    x = flat(call, x, DType::int64, {-1, width});
    if (call.inputs() > 1) weights = flat(call, weights, type, {-1, width});
  }
  const bool has_type = type == DType::int32 || type == DType::int64 || dtype_is_floating(type);
  if (!has_type) call.fail("counts of type {} cannot be written for TensorFlow", dtype_name(type));
  const Ref y = call.typed("DenseBincount", type, {x, limit, weights},
                           {{"Tidx", type_of(DType::int64)}, {"binary_output", call.attrs.flag("binary")}});
  if (rank <= 2) return call.out(y);
  std::vector<Dim> dims;
  for (int axis = 0; axis + 1 < rank; ++axis) dims.push_back({0, call.in(0), axis});
  dims.push_back({depth, {}, 0});
  call.out(call.reshape(y, dims, type));
}

void lower(TfCall& call) {
  const std::string_view op = call.node.op->name;
  if (op == "searchsorted") return searchsorted(call);
  if (op.ends_with("index_lookup")) return index_lookup(call);
  if (op.ends_with("hash_bucket")) return hash_bucket(call);
  if (op == "hash_cross") return hash_cross(call);
  bincount(call);
}

}  // namespace

CORNU_TF_LOWERING(lookup) = {.ops = {"searchsorted", "index_lookup", "string_index_lookup", "hash_bucket",
                                     "string_hash_bucket", "hash_cross", "bincount"},
                             .lower = lower};

}  // namespace cornu::exporting
