// Normalization: y = (x - mean) / max(sqrt(variance), 1e-7); with invert y = x * max(sqrt(variance), 1e-7) +
// mean.
// Keras   Normalization (tf.keras 2.3 to 2.5: experimental.preprocessing.Normalization)
// Input   x [...] any number
// Output  y the same shape in the layer's dtype
// Weights mean, variance, shaped as the sizes of the axes in ascending order, count (); none if the config
//         holds mean and variance
// Errors  bad_config for an axis that x does not have, mean without variance, or numbers that do not fit the
//         axes
// Source  keras/src/layers/preprocessing/normalization.py, 3.15
#include "layers/common_layout.h"
#include "layers/common_normalization.h"

namespace cornu::layers {
namespace {

// mean or variance of the config: a number, or an array that broadcasts against the sizes of the axes.
Value from_config(LayerCall& call, const char* key, const std::vector<int>& axes, const Shape& x) {
  Tensor tensor = numbers_of(call.config, key, call.compute_dtype);
  while (tensor.shape.rank() > static_cast<int>(axes.size()) &&
         tensor.shape[0] == 1) {  // tf.keras broadcast them away
    tensor = reshaped(tensor, Shape(tensor.shape.dims().subspan(1)));
  }
  const Shape& shape = tensor.shape;
  bool fits = shape.rank() <= static_cast<int>(axes.size());
  Ints broadcast(static_cast<size_t>(axes.empty() ? 0 : x.rank() - axes.front()), 1);
  for (int i = 1; fits && i <= shape.rank(); ++i) {
    const int axis = axes[axes.size() - static_cast<size_t>(i)];
    const int64_t size = shape[shape.rank() - i];
    fits = size == 1 || size == x[axis];
    broadcast[static_cast<size_t>(axis - axes.front())] = size;
  }
  if (!fits)
    call.config.fail_value(key, call.config.raw({key}),
                           fmt::format("a number, or one per size of the axes of {}", x.to_string()));
  const bool is_scalar = shape.rank() == 0;
  const Value value = call.g.constant(std::move(tensor));
  return is_scalar ? value : call.g.reshape(value, broadcast);
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const LayerConfig& config = call.config;
  GraphBuilder& g = call.g;
  if (!dtype_is_floating(call.compute_dtype)) call.compute_dtype = DType::float32;
  const Value x = g.cast(call.in[0], call.compute_dtype);
  const Shape shape = g.shape(x);
  const bool one_mean = config.has({"axis"}) && !config.is_set({"axis"});
  const std::vector<int> axes = one_mean ? std::vector<int>{} : config_axes(call, shape, {"axis"}, {-1});
  if (config.is_set({"mean"}) != config.is_set({"variance"})) {
    config.fail_value("mean", config.raw({"mean"}), "mean and variance both or neither");
  }
  Value mean;
  Value variance;
  if (config.is_set({"mean"})) {
    mean = from_config(call, "mean", axes, shape);
    variance = from_config(call, "variance", axes, shape);
  } else {
    Shape sizes;
    for (int axis : axes) sizes.push_back(shape[axis]);
    mean = along(g, call.weight("mean", sizes, false), axes, shape);
    variance = along(g, call.weight("variance", sizes, false), axes, shape);
    call.weight("count", {}, false);  // of the rows that were averaged
  }
  const Value deviation = g.op("maximum", {g.op("sqrt", {variance}), g.scalar_like(1e-7, variance)});
  if (config.flag({"invert"}, false)) return {g.op("add", {g.op("mul", {x, deviation}), mean})};
  return {g.op("div", {g.op("sub", {x, mean}), deviation})};
}

}  // namespace

CORNU_LAYER(normalization) = {.keras_names = {"Normalization"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
