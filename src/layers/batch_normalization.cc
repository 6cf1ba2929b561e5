// BatchNormalization: y = x * scale + shift, scale = gamma / sqrt(moving_variance + epsilon), shift = beta -
// moving_mean * scale.
// Keras   BatchNormalization; BatchNormalizationV1 and V2 of TensorFlow 1.13, SyncBatchNormalization; Keras
//         1 called moving_variance running_std, although it holds the variance
// Input   x [...] floating point; computed in at least float32
// Output  y the same shape and type
// Weights gamma, beta, moving_mean, moving_variance, each (size of axis,); gamma without scale and beta
//         without center are absent; under renorm moving_stddev, renorm_mean, renorm_stddev follow, which
//         predicting does not use
// Keras 1 mode 1 normalizes every row of x by its own last axis, mode 2 every channel by the batch at hand
// Training  mean and variance are those of the batch, unless the layer is frozen
// Errors  bad_config for an axis that x does not have, or several, or another mode
// Source  keras/src/layers/normalization/batch_normalization.py, 3.15
#include "layers/common_normalization.h"
#include "layers/training.h"

namespace cornu::layers {
namespace {

// The mean and variance of the batch over all axes but the channels'; rows that are masked do not count. The moving ones
// go on: moving = moving * momentum + batch * (1 - momentum).
struct Statistics {
  Value mean;
  Value variance;
};

void follow(LayerCall& call, const Statistics& batch, Training& training) {
  GraphBuilder& g = call.g;
  const double momentum = call.config.number({"momentum"}, 0.99);
  const auto move = [&](const char* name, Value to) {
    const Value variable = call.variable(name, g.shape(to), false);
    const Value kept = g.op("mul", {variable, g.scalar_like(momentum, variable)});
    const Value next = g.op("mul", {g.cast(to, g.dtype(variable)), g.scalar_like(1 - momentum, variable)});
    training.updates.push_back({variable, g.op("add", {kept, next})});
  };
  move("moving_mean", batch.mean);
  move("moving_variance", batch.variance);
}

Statistics batch_statistics(LayerCall& call, Value x, int channel_axis, Training& training) {
  GraphBuilder& g = call.g;
  Ints over;
  for (int axis = 0; axis < g.rank(x); ++axis) {
    if (axis != channel_axis) over.push_back(axis);
  }
  const Attrs attrs{{"axes", over}};
  const Attrs wide{{"axes", over}, {"keepdims", true}};
  Statistics batch;
  if (!call.masks.empty() && call.masks[0].valid()) {
    const Value mask = call.masks[0];
    Ints shape(static_cast<size_t>(g.rank(x)), 1);
    for (int axis = 0; axis < g.rank(mask); ++axis) shape[static_cast<size_t>(axis)] = g.shape(mask)[axis];
    const Value weight = g.reshape(g.cast(mask, g.dtype(x)), shape);
    constexpr double kNone = 1e-7;  // keeps the mean of nothing finite
    const Value count = g.op("add", {g.op("reduce_sum", {weight}, wide), g.scalar_like(kNone, x)});
    const auto mean = [&](Value value) {
      return g.op("div", {g.op("reduce_sum", {g.op("mul", {value, weight})}, wide), count});
    };
    const Value centre = mean(x);
    const Ints channels{g.shape(x)[channel_axis]};
    batch = {g.reshape(centre, channels),
             g.reshape(mean(g.op("square", {g.op("sub", {x, centre})})), channels)};
  } else {
    const Value centre = g.op("reduce_mean", {x}, wide);
    const Ints channels{g.shape(x)[channel_axis]};
    batch = {g.reshape(centre, channels),
             g.op("reduce_mean", {g.op("squared_difference", {x, centre})}, attrs)};
  }
  follow(call, batch, training);
  return batch;
}

// Channels last and no mask: one op.
Value normalised_by_batch(LayerCall& call, Value x, Training& training) {
  GraphBuilder& g = call.g;
  const Shape channels{g.shape(x).back()};
  const auto parameter = [&](const char* flag, const char* name, float otherwise) {
    if (call.config.flag({flag}, true)) return call.weight(name, channels);
    const std::vector<float> same(static_cast<size_t>(channels[0]), otherwise);
    return g.cast(g.constant(tensor_of(same, channels)), g.dtype(x));
  };
  const Value gamma = parameter("scale", "gamma", 1);
  const Value beta = parameter("center", "beta", 0);
  call.weight("moving_mean", channels, false);
  call.weight("moving_variance", channels, false);
  const double epsilon = call.config.number({"epsilon"}, 1e-3, at_least(0));
  const std::vector<Value> out = g.multi_op("batch_norm", {x, gamma, beta}, {{"epsilon", epsilon}});
  follow(call, {out[1], out[2]}, training);
  return out[0];
}

// scale and shift, per channel.
struct Affine {
  Value scale;
  Value shift;
};

Affine affine(LayerCall& call, const Shape& channels, Value x, int channel_axis) {
  const LayerConfig& config = call.config;
  GraphBuilder& g = call.g;
  const bool scaled = config.flag({"scale"}, true);
  const bool centered = config.flag({"center"}, true);
  const double epsilon = config.number({"epsilon"}, 1e-3, at_least(0));
  Value gamma;
  Value beta;
  if (scaled) gamma = call.weight("gamma", channels);
  if (centered) beta = call.weight("beta", channels);
  Value mean = call.weight("moving_mean", channels, false);
  Value variance = call.weight("moving_variance", channels, false);
  if (Training* training = training_of(call, false)) {
    const Statistics batch = batch_statistics(call, x, channel_axis, *training);
    mean = batch.mean;
    variance = batch.variance;
  }
  if (config.flag({"renorm"}, false)) {
    for (const char* name : {"moving_stddev", "renorm_mean", "renorm_stddev"})
      call.weight(name, channels, false);
  }
  Value scale = g.op("rsqrt", {g.op("add", {variance, g.scalar_like(epsilon, variance)})});
  if (scaled) scale = g.op("mul", {scale, gamma});
  const Value moved = g.op("mul", {mean, scale});
  return {scale, centered ? g.op("sub", {beta, moved}) : g.op("neg", {moved})};
}

// Modes 1 and 2 of Keras 1: the statistics come from x; those that are stored serve no one.
Value normalized_by_itself(LayerCall& call, Value x, const Shape& shape, const std::vector<int>& axes,
                           int64_t mode) {
  GraphBuilder& g = call.g;
  const double epsilon = call.config.number({"epsilon"}, 1e-3, at_least(0));
  const Shape channels{shape[axes[0]]};
  const Value gamma = call.weight("gamma", channels);
  const Value beta = call.weight("beta", channels);
  call.weight("moving_mean", channels, false);
  call.weight("moving_variance", channels, false);
  Ints over;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (mode == 1 ? axis == shape.rank() - 1 : axis != axes[0]) over.push_back(axis);
  }
  const Attrs attrs{{"axes", over}, {"keepdims", true}};
  const Value centred = g.op("sub", {x, g.op("reduce_mean", {x}, attrs)});
  const Value variance = g.op("reduce_mean", {g.op("square", {centred})}, attrs);
  Value deviation = g.op("sqrt", {g.op("add", {variance, g.scalar_like(epsilon, variance)})});
  if (mode == 1) deviation = g.op("add", {deviation, g.scalar_like(epsilon, deviation)});
  const Value y = g.op("mul", {g.op("div", {centred, deviation}), along(g, gamma, axes, shape)});
  return g.op("add", {y, along(g, beta, axes, shape)});
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const LayerConfig& config = call.config;
  GraphBuilder& g = call.g;
  const int64_t mode = config.integer({"mode"}, 0, Range{0, 2});
  // How the statistics were gathered while training.
  for (const char* key : {"momentum", "renorm_clipping", "renorm_momentum", "virtual_batch_size", "fused"})
    config.raw({key});
  if (config.is_set({"adjustment"})) config.fail_value("adjustment", config.raw({"adjustment"}), "null");
  const Shape shape = g.shape(call.in[0]);
  const std::vector<int> axes = config_axes(call, shape, {"axis"}, {-1});
  if (axes.size() != 1 || axes[0] == 0)
    config.fail_value("axis", config.raw({"axis"}), "one axis after the batch");
  const DType dtype = call.compute_dtype;
  const Value x = widen(call);
  if (mode != 0) return {g.cast(normalized_by_itself(call, x, shape, axes, mode), dtype)};
  const bool is_masked = !call.masks.empty() && call.masks[0].valid();
  if (Training* training = training_of(call, false);
      training != nullptr && !is_masked && axes[0] == shape.rank() - 1 && !config.flag({"renorm"}, false))
    return {g.cast(normalised_by_batch(call, x, *training), dtype)};
  const auto [scale, shift] = affine(call, {shape[axes[0]]}, x, axes[0]);
  const Value y = g.op("add", {g.op("mul", {x, along(g, scale, axes, shape)}), along(g, shift, axes, shape)});
  return {g.cast(y, dtype)};
}

}  // namespace

CORNU_LAYER(batch_normalization) = {.keras_names = {"BatchNormalization", "BatchNormalizationV1",
                                                    "BatchNormalizationV2", "SyncBatchNormalization"},
                                    .lower = lower,
                                    .supports_masking = true};

}  // namespace cornu::layers
