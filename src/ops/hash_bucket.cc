// hash_bucket: the bucket of each x by the FarmHash fingerprint of its decimal digits: Fingerprint64(text) mod buckets.
// Input   x  (...) integers      Output  y  the shape of x, int64 in [0, buckets)      Attrs  buckets; 0: the
//         fingerprint itself
// Errors  bad_shape: another type, a negative count
// Source  TensorFlow's StringToHashBucketFast and AsString
#include <farmhash.h>
#include <fmt/format.h>

#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  if (!dtype_is_integer(c.in[0].dtype) || c.attrs.integer("buckets") < 0) {
    fail(ErrorCode::bad_shape, "", "hash_bucket takes integers and a count of buckets, received {}, {}",
         dtype_name(c.in[0].dtype), c.attrs.integer("buckets"));
  }
  c.result(DType::int64, c.in[0].shape);
}

int64_t bucket_of(std::string_view text, int64_t buckets) {
  const uint64_t print = util::Fingerprint64(text.data(), text.size());
  return static_cast<int64_t>(buckets == 0 ? print : print % static_cast<uint64_t>(buckets));
}

PreparedKernel reference(const KernelSite& site) {
  const int64_t count = site.out[0].shape.elements();
  const int64_t buckets = site.attrs.integer("buckets");
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    using Whole = std::conditional_t<std::is_same_v<T, uint64_t>, uint64_t, int64_t>;
    return PreparedKernel{[=](const KernelCall& call) {
                            int64_t* y = out_as<int64_t>(call);
                            for (int64_t i = 0; i < count; ++i) {
                              const fmt::format_int text(static_cast<Whole>(in_as<T>(call)[i]));
                              y[i] = bucket_of({text.data(), text.size()}, buckets);
                            }
                          },
                          0,
                          {}};
  });
}

}  // namespace

CORNU_OP(hash_bucket) = {.name = "hash_bucket", .infer = infer, .reference = reference};

}  // namespace cornu::ops
