// hash_cross: one hash for the elements of several tensors at each place: a chain of FingerprintCat64 from a fixed key,
// modulo the buckets.
// Inputs  x...  (...) int64 of one shape      Output  y  the same shape, int64 in [0, buckets)      Attrs  buckets >= 1
// Errors  bad_shape: other types, shapes that differ, fewer than one bucket
// Source  TensorFlow's SparseCrossHashed and core/platform/fingerprint.h; the key is that of tf.sparse.cross_hashed
#include "ops/op.h"

namespace cornu::ops {
namespace {

constexpr uint64_t kKey = 0xDECAFCAFFE;               // _DEFAULT_CROSS_HASH_KEY
constexpr uint64_t kMultiplier = 0xc6a4a7935bd1e995;  // of MurmurHash64A

void infer(ir::InferContext& c) {
  const Shape& first = c.in[0].shape;
  for (const TensorType& in : c.in) {
    bool fits = in.dtype == DType::int64 && in.shape.rank() == first.rank();
    for (int axis = 0; fits && axis < first.rank(); ++axis) {
      fits = in.shape[axis] == first[axis] || in.shape[axis] == Shape::kUnknown ||
             first[axis] == Shape::kUnknown;
    }
    if (!fits) {
      fail(ErrorCode::bad_shape, "", "hash_cross takes int64 tensors of one shape, received {} {} beside {}",
           dtype_name(in.dtype), in.shape.to_string(), first.to_string());
    }
  }
  if (c.attrs.integer("buckets") < 1)
    fail(ErrorCode::bad_shape, "", "hash_cross needs at least one bucket, received {}",
         c.attrs.integer("buckets"));
  c.result(DType::int64, first);
}

uint64_t mixed(uint64_t value) {
  return value ^ (value >> 47);
}

uint64_t joined(uint64_t a, uint64_t b) {
  uint64_t result = (a ^ kMultiplier) ^ (mixed(b * kMultiplier) * kMultiplier);
  result *= kMultiplier;
  result = mixed(result) * kMultiplier;
  return mixed(result);
}

PreparedKernel reference(const KernelSite& site) {
  const int64_t count = site.out[0].shape.elements();
  const auto inputs = static_cast<int>(site.in.size());
  const auto buckets = static_cast<uint64_t>(site.attrs.integer("buckets"));
  return {[=](const KernelCall& call) {
            int64_t* y = out_as<int64_t>(call);
            for (int64_t i = 0; i < count; ++i) {
              uint64_t hash = kKey;
              for (int k = 0; k < inputs; ++k)
                hash = joined(hash, static_cast<uint64_t>(in_as<int64_t>(call, k)[i]));
              y[i] = static_cast<int64_t>(hash % buckets);
            }
          },
          0,
          {}};
}

}  // namespace

CORNU_OP(hash_cross) = {.name = "hash_cross", .max_inputs = -1, .infer = infer, .reference = reference};

}  // namespace cornu::ops
