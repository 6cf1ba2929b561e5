// PReLU: y = x if x >= 0, else alpha * x, with a learned alpha per element of a row, or shared along some
// axes. Keras   PReLU, all versions Input   x  [batch, ...]  floating point      Output  y  same shape and
// type Weights alpha, shape of a row of x with 1 along each axis of shared_axes (counted with the batch as
// axis 0) Errors  bad_config if a shared axis is not one of x; bad_shape if an axis that is not shared has an
// unknown size Source  keras/src/layers/activations/prelu.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  const Value x = call.in[0];
  const int rank = g.rank(x);
  if (rank < 1)
    call.fail(ErrorCode::bad_shape, "PReLU takes an input with a batch axis, received shape {}",
              g.shape(x).to_string());
  Shape alpha_shape(g.shape(x).dims().subspan(1));
  for (int64_t axis : call.config.ints({"shared_axes"}, Ints{})) {
    if (axis < 1 || axis >= rank) {
      call.config.fail_value("shared_axes", call.config.raw({"shared_axes"}),
                             fmt::format("axes from 1 to {}", rank - 1));
    }
    alpha_shape[static_cast<int>(axis - 1)] = 1;
  }
  const Value alpha = call.weight("alpha", alpha_shape);
  const Value negative = g.op("relu", {g.op("neg", {x})});
  return {g.op("sub", {g.op("relu", {x}), g.op("mul", {alpha, negative})})};
}

}  // namespace

CORNU_LAYER(prelu) = {.keras_names = {"PReLU"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
