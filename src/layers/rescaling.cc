// Rescaling: y = x * scale + offset; each a number or one per channel.
// Keras   Rescaling (tf.keras 2.3 to 2.5: experimental.preprocessing.Rescaling)
// Input   x [..., channels] any number
// Output  y the same shape in the layer's dtype
// Errors  bad_config if scale or offset are no numbers or do not fit the channels
// Source  keras/src/layers/preprocessing/rescaling.py, 3.15
#include "layers/common_layout.h"

namespace cornu::layers {
namespace {

// A constant that broadcasts against x without changing its shape.
Value factor(LayerCall& call, const char* key, const Shape& x) {
  Tensor tensor = numbers_of(call.config, key, call.compute_dtype);
  const Shape& shape = tensor.shape;
  bool fits = shape.rank() <= x.rank();
  for (int axis = 1; fits && axis <= shape.rank(); ++axis) {
    const int64_t size = shape[shape.rank() - axis];
    const int64_t wanted = x[x.rank() - axis];
    fits = size == 1 || wanted == Shape::kUnknown || size == wanted;
  }
  if (!fits)
    call.config.fail_value(key, call.config.raw({key}),
                           fmt::format("a number, or one per channel of {}", x.to_string()));
  return call.g.constant(std::move(tensor));
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  if (!dtype_is_floating(call.compute_dtype)) call.compute_dtype = DType::float32;
  const Value x = call.g.cast(call.in[0], call.compute_dtype);
  const Shape shape = call.g.shape(x);
  const Value scaled = call.g.op("mul", {x, factor(call, "scale", shape)});
  if (!call.config.has({"offset"})) return {scaled};
  return {call.g.op("add", {scaled, factor(call, "offset", shape)})};
}

}  // namespace

CORNU_LAYER(rescaling) = {.keras_names = {"Rescaling"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
