// CategoryEncoding: indices below num_tokens as one-hot, multi-hot or counted codes.
// Keras   CategoryEncoding (tf.keras 2.3 on, 3; max_tokens before 2.6)
// Input   x  (..., n) integers; count_weights of the same shape
// Output  y  (..., num_tokens); one_hot (..., n, num_tokens) for n > 1; in the layer's dtype
// Errors  bad_config if num_tokens < 1 or the mode is unknown; unsupported for sparse outputs
// Source  keras/src/layers/preprocessing/category_encoding.py, 3.15
#include "layers/common_categorical.h"
#include "layers/operators.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  GraphBuilder& g = call.g;
  const OperatorCall arguments(call, call.layer.class_name, "inputs count_weights", call.arguments);
  const int64_t depth = call.config.integer({"num_tokens", "max_tokens"}, Range{1, INT32_MAX});
  refuse_sparse(call);
  const std::string mode = output_mode(call.config, "multi_hot", {"multi_hot", "one_hot", "count"});
  Value x = arguments.tensor("inputs");
  if (!dtype_is_integer(g.dtype(x))) x = g.cast(x, DType::int64);
  Value weights;
  if (arguments.has("count_weights")) {
    if (mode != "count")
      call.fail(ErrorCode::bad_config, "count_weights are used by the output_mode count only, not by {}",
                mode);
    weights = arguments.tensor("count_weights");
  }
  if (g.rank(x) < 1)
    call.fail(ErrorCode::bad_shape, "CategoryEncoding takes at least one axis, received a scalar");
  const DType type = dtype_is_floating(call.compute_dtype) ? call.compute_dtype : DType::float32;
  return {encode_categories(call, x, mode, depth, type, weights)};
}

}  // namespace

CORNU_LAYER(category_encoding) = {.keras_names = {"CategoryEncoding"}, .lower = lower, .autocast = false};

}  // namespace cornu::layers
