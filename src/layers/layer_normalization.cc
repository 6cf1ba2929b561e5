// LayerNormalization: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, mean and variance over the
// axes.
// Keras   LayerNormalization (rms_scaling of 3.x: y = x / sqrt(variance + epsilon) * gamma)
// Input   x [...] floating point; computed in at least float32
// Output  y the same shape and type
// Weights gamma, beta, shaped as the sizes of the axes in ascending order; absent without scale and center
// Errors  bad_config for an axis that x does not have; bad_shape for an axis of unknown size
// Source  keras/src/layers/normalization/layer_normalization.py, 3.15
#include "layers/common_normalization.h"

namespace cornu::layers {
namespace {

Value scale_by_deviation(GraphBuilder& g, Value x, const Ints& axes, double epsilon) {
  const Attrs over{{"axes", axes}, {"keepdims", true}};
  const Value centered = g.op("sub", {x, g.op("reduce_mean", {x}, over)});
  const Value variance = g.op("reduce_mean", {g.op("square", {centered})}, over);
  return g.op("mul", {x, g.op("rsqrt", {g.op("add", {variance, g.scalar_like(epsilon, variance)})})});
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const LayerConfig& config = call.config;
  GraphBuilder& g = call.g;
  const Shape shape = g.shape(call.in[0]);
  const std::vector<int> axes = config_axes(call, shape, {"axis"}, {-1});
  const double epsilon = config.number({"epsilon"}, 1e-3, at_least(0));
  const bool rms = config.flag({"rms_scaling"}, false);
  const bool scaled = config.flag({"scale"}, true) || rms;
  const bool centered = config.flag({"center"}, true) && !rms;
  Shape sizes;
  for (int axis : axes) sizes.push_back(shape[axis]);
  const DType dtype = call.compute_dtype;
  const Value x = widen(call);
  std::vector<Value> inputs{x};
  if (scaled) inputs.push_back(along(g, call.weight("gamma", sizes), axes, shape));
  if (centered) inputs.push_back(along(g, call.weight("beta", sizes), axes, shape));
  const Ints over(axes.begin(), axes.end());
  if (rms) return {g.cast(g.op("mul", {scale_by_deviation(g, x, over, epsilon), inputs[1]}), dtype)};
  const Value y = g.op("layer_norm", inputs,
                       {{"axes", over}, {"epsilon", epsilon}, {"has_gamma", scaled}, {"has_beta", centered}});
  return {g.cast(y, dtype)};
}

}  // namespace

CORNU_LAYER(layer_normalization) = {
    .keras_names = {"LayerNormalization"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
