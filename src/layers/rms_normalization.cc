// RMSNormalization: y = x / sqrt(mean(x^2) + epsilon) * scale, the mean over the axes.
// Keras   RMSNormalization, since 3.9
// Input   x [...] floating point; computed in at least float32
// Output  y the same shape and type
// Weights scale, shaped as the sizes of the axes in ascending order
// Errors  bad_config for an axis that x does not have; bad_shape for an axis of unknown size, or a scale
//         that does not broadcast against x
// Source  keras/src/layers/normalization/rms_normalization.py, 3.15
#include "layers/common_normalization.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  const Shape shape = g.shape(call.in[0]);
  const std::vector<int> axes = config_axes(call, shape, {"axis"}, {-1});
  const double epsilon = call.config.number({"epsilon"}, 1e-6, at_least(0));
  Shape sizes;
  for (int axis : axes) sizes.push_back(shape[axis]);
  const DType dtype = call.compute_dtype;
  const Value x = widen(call);
  const Value scale =
      call.weight("scale", sizes);  // Keras broadcasts it from the last axis, whatever the axes
  const Value mean = g.op("reduce_mean", {g.op("square", {x})},
                          {{"axes", Ints(axes.begin(), axes.end())}, {"keepdims", true}});
  const Value inverse = g.op("rsqrt", {g.op("add", {mean, g.scalar_like(epsilon, mean)})});
  return {g.cast(g.op("mul", {g.op("mul", {x, inverse}), scale}), dtype)};
}

}  // namespace

CORNU_LAYER(rms_normalization) = {.keras_names = {"RMSNormalization"}, .lower = lower};

}  // namespace cornu::layers
