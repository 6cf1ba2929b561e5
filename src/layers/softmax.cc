// Softmax: y = exp(x) / sum(exp(x)) over one axis or several together; masked elements count as large
// negative numbers. Keras   Softmax (2.1 on; axis a list since 2.4, robust_masking 2.17) Input   x  [...]
// floating point; optional mask that broadcasts against x, as a second argument or from x itself Output  y
// same shape and type      Weights  none Errors  bad_config if an axis is not one of x Source
// keras/src/layers/activations/softmax.py, 3.15; tf_keras/src/layers/activation/softmax.py, 2.21
#include "layers/activations.h"

namespace cornu::layers {
namespace {

// Keras 3: float16 -3e4, others -1e9; tf.keras: half of the lowest float16.
double large_negative(const LayerCall& call, DType dtype) {
  if (dtype != DType::float16) return -1e9;
  return call.dialect.keras_major >= 3 ? -3e4 : -32752.0;
}

Value as_bool(GraphBuilder& g, Value mask) {
  return g.dtype(mask) == DType::boolean ? mask : g.op("greater", {mask, g.scalar_like(0.5, mask)});
}

std::vector<Value> lower(LayerCall& call) {
  if (call.in.empty() || call.in.size() > 2)
    call.fail(ErrorCode::bad_shape, "Softmax takes x and optionally a mask, received {} tensors",
              call.in.size());
  GraphBuilder& g = call.g;
  Value x = call.in[0];
  Ints axes = call.config.ints({"axis"}, Ints{-1});
  for (int64_t& axis : axes) axis = call.config.checked_axis("axis", axis, g.rank(x));
  const bool robust = call.config.flag({"robust_masking"}, false) || call.dialect.keras_major >= 3;
  const Value mask = call.in.size() == 2 ? call.in[1] : call.masks[0];
  if (mask.valid() && robust) {
    x = g.op("select", {as_bool(g, mask), x, g.scalar_like(large_negative(call, g.dtype(x)), x)});
  } else if (mask.valid()) {
    const Value hidden = g.op("sub", {g.scalar_like(1.0, x), g.cast(mask, g.dtype(x))});
    x = g.op("add", {x, g.op("mul", {hidden, g.scalar_like(large_negative(call, g.dtype(x)), x)})});
  }
  Value y = softmax(g, x, axes);
  if (mask.valid() && call.dialect.keras_major >= 3)
    y = g.op("select", {as_bool(g, mask), y, g.scalar_like(0.0, y)});
  return {y};
}

}  // namespace

CORNU_LAYER(softmax) = {.keras_names = {"Softmax"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
