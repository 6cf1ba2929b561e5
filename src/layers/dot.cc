// Dot: the product of two tensors, row by row, contracted over one axis each.
// Keras   Dot (2.0 on)
// Input   x, y  [batch, ...]      Output  [batch, axes of x but one, axes of y but one], at least [batch, 1]
// Config  axes: one axis for both, or one each (not the batch); normalize: both are scaled to length 1 along
// it first Errors  bad_config if an axis does not exist or is the batch; bad_shape if the contracted sizes
// differ Source  keras/src/layers/merging/dot.py, 3.15; tf_keras/src/layers/merging/dot.py, 2.21
#include "layers/arithmetic.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(2);
  Ints axes = call.config.ints({"axes"});
  if (axes.size() == 1 && call.config.raw({"axes"}).is_integer()) axes.push_back(axes[0]);
  if (axes.size() != 2) call.config.fail_value("axes", call.config.raw({"axes"}), "an axis, or two");
  std::vector<Value> in;
  const DType type = result_type(call.g.dtype(call.in[0]), call.g.dtype(call.in[1]));
  const bool normalize = call.config.flag({"normalize"}, false);
  for (size_t i = 0; i < 2; ++i) {
    axes[i] = call.config.checked_axis("axes", axes[i], call.g.rank(call.in[i]));
    const Value x = call.g.cast(call.in[i], type);
    in.push_back(normalize ? l2_normalize(call.g, x, {axes[i]}, call.dialect) : x);
  }
  return {batch_dot(call, in[0], in[1], axes[0], axes[1])};
}

}  // namespace

CORNU_LAYER(dot) = {.keras_names = {"Dot"}, .lower = lower};

}  // namespace cornu::layers
