// string_hash_bucket: the bucket of each string by its FarmHash fingerprint: Fingerprint64(x) mod buckets.
// Input   x  (...) strings      Output  y  the shape of x, int64 in [0, buckets)      Attrs  buckets; 0: the fingerprint itself
// Errors  bad_shape: another type, a negative count
// Source  TensorFlow's StringToHashBucketFast
#include <farmhash.h>

#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

void infer(ir::InferContext& c) {
  if (c.in[0].dtype != DType::string || c.attrs.integer("buckets") < 0) {
    fail(ErrorCode::bad_shape, "", "string_hash_bucket takes strings and a count of buckets, received {}, {}",
         dtype_name(c.in[0].dtype), c.attrs.integer("buckets"));
  }
  c.result(DType::int64, c.in[0].shape);
}

std::vector<Tensor> compute(Call& call) {
  const auto buckets = static_cast<uint64_t>(call.node.attrs.integer("buckets"));
  std::vector<int64_t> found;
  for (const std::string& x : strings_of(call.in[0])) {
    const uint64_t print = util::Fingerprint64(x.data(), x.size());
    found.push_back(static_cast<int64_t>(buckets == 0 ? print : print % buckets));
  }
  return {tensor_of_ints(found, call.in[0].shape)};
}

}  // namespace

CORNU_DYNAMIC_OP(string_hash_bucket) = {.name = "string_hash_bucket", .infer = infer};
CORNU_DYNAMIC_RUN(string_hash_bucket) = {.op = &op_string_hash_bucket, .compute = compute};

}  // namespace cornu::dynamic
