// Flatten: everything but the batch in one axis, channels last in the order.
// Keras   Flatten (data_format since 2.1.3)
// Input   x [batch, ...] any type; under channels_first [batch, channels, ...]
// Output  y [batch, product of the rest]
// Errors  bad_shape without a batch axis
// Source  keras/src/layers/reshaping/flatten.py, 3.15
#include "layers/common_layout.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  Value x = call.in[0];
  const bool channels_first = call.config.channels_first();
  if (g.rank(x) < 1)
    call.fail(ErrorCode::bad_shape, "Flatten takes an input with a batch axis, received a scalar");
  if (g.rank(x) == 1) return {g.op("expand_dims", {x}, {{"axes", Ints{1}}})};
  if (channels_first) x = channels_to_end(g, x);
  // A known size is spelled out: -1 cannot be inferred for an empty batch.
  const int64_t size = g.shape(x).elements(1, g.rank(x));
  return {g.reshape(x, {0, size > 0 ? size : Shape::kUnknown})};
}

}  // namespace

CORNU_LAYER(flatten) = {.keras_names = {"Flatten"}, .lower = lower};

}  // namespace cornu::layers
