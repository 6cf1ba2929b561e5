// HashedCrossing: one bin for the values of several features together.
// Keras   HashedCrossing (tf.keras 2.9 on, 3)
// Input   two or more tensors (batch) or (batch, 1) of integers or strings
// Output  y  the same shape, int64 in [0, num_bins), or one-hot codes
// Errors  bad_config if num_bins < 1; bad_shape for fewer inputs, other types or shapes; unsupported for sparse outputs
// Source  keras/src/layers/preprocessing/hashed_crossing.py, 3.15
#include "layers/common_categorical.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  GraphBuilder& g = call.g;
  if (call.in.size() < 2)
    call.fail(ErrorCode::bad_shape, "HashedCrossing takes two or more tensors, received {}", call.in.size());
  const int64_t bins = call.config.integer({"num_bins"}, Range{1, INT32_MAX});
  refuse_sparse(call);
  const std::string mode = output_mode(call.config, "int", {"int", "one_hot"});
  std::vector<Value> features;
  for (Value x : call.in) {
    const bool text = g.dtype(x) == DType::string;
    if (!text && !dtype_is_integer(g.dtype(x))) {
      call.fail(ErrorCode::bad_shape, "HashedCrossing takes integers or strings, received {}",
                dtype_name(g.dtype(x)));
    }
    features.push_back(text ? g.op("string_hash_bucket", {x}, {{"buckets", int64_t{0}}})
                            : g.cast(x, DType::int64));
  }
  const Value y = g.op("hash_cross", features, {{"buckets", bins}});
  const DType stated = call.compute_dtype == DType::string ? DType::float32 : call.compute_dtype;
  const DType integer = dtype_is_integer(stated) ? stated : DType::int64;
  return {encode_categories(call, y, mode, bins, mode == "int" ? integer : stated)};
}

}  // namespace

CORNU_LAYER(hashed_crossing) = {.keras_names = {"HashedCrossing"}, .lower = lower, .autocast = false};

}  // namespace cornu::layers
