// Dense: y = activation(x . kernel + bias) over the last axis.
// Keras   Dense, all versions (Keras 1: output_dim, bias; TimeDistributedDense)
// Input   x  [..., channels]      Output  y  [..., units]      Weights  kernel (channels, units), bias
// (units,) Errors  bad_config if units < 1; bad_shape if the last axis is unknown or x is a scalar per row
// Source  keras/src/layers/core/dense.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const int64_t units = call.config.integer({"units", "output_dim"}, Range{1, 2147483647});
  const Shape& shape = call.g.shape(call.in[0]);
  if (shape.rank() < 2)
    call.fail(ErrorCode::bad_shape, "Dense takes an input of at least 2 axes, received {}",
              shape.to_string());
  const Value kernel = call.weight("kernel", {shape.back(), units});
  Value y = call.g.op("matmul", {call.in[0], kernel});
  if (call.config.flag({"use_bias", "bias"}, true)) y = call.g.op("add", {y, call.weight("bias", {units})});
  return {call.activate(y)};
}

}  // namespace

CORNU_LAYER(dense) = {
    .keras_names = {"Dense", "TimeDistributedDense"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
