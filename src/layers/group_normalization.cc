// GroupNormalization: the channels in groups, each row's group normalized by its own mean and variance, then
// * gamma + beta.
// Keras   GroupNormalization, since 2.11; groups -1: as many as channels
// Input   x [batch, ..., channels] or any other channel axis floating point; computed in at least float32
// Output  y the same shape and type
// Weights gamma, beta, each (channels,)
// Errors  bad_config if groups does not divide the channels, or the axis is the batch or none of x
// Source  keras/src/layers/normalization/group_normalization.py, 3.15
#include <numeric>

#include "layers/common_normalization.h"

namespace cornu::layers {
namespace {

int64_t group_count(const LayerCall& call, int64_t channels) {
  const int64_t groups = call.config.integer({"groups"}, 32, {-1, INT32_MAX});
  if (channels < 1)
    call.fail(ErrorCode::bad_shape, "GroupNormalization needs to know the number of channels");
  if (groups == -1) return channels;
  if (groups < 1 || channels % groups != 0) {
    call.config.fail_value("groups", call.config.raw({"groups"}),
                           fmt::format("a divisor of the {} channels, or -1", channels));
  }
  return groups;
}

// The order of axes that swaps `axis` with the last one; it is its own inverse.
Ints swap_with_last(int rank, int axis) {
  Ints order(static_cast<size_t>(rank));
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[static_cast<size_t>(axis)], order.back());
  return order;
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const LayerConfig& config = call.config;
  GraphBuilder& g = call.g;
  const Shape shape = g.shape(call.in[0]);
  const std::vector<int> axes = config_axes(call, shape, {"axis"}, {-1});
  if (axes.size() != 1 || axes[0] == 0)
    config.fail_value("axis", config.raw({"axis"}), "one axis after the batch");
  const int64_t channels = shape[axes[0]];
  const int64_t groups = group_count(call, channels);
  const bool scaled = config.flag({"scale"}, true);
  const bool centered = config.flag({"center"}, true);
  const DType dtype = call.compute_dtype;
  const Ints order = swap_with_last(shape.rank(), axes[0]);
  const Value x = g.transpose(widen(call), order);
  // [batch, ..., groups, channels / groups]: everything but the batch and the group is averaged.
  const auto last = static_cast<size_t>(shape.rank() - 1);
  Ints split(last, 0);
  split.push_back(groups);
  split.push_back(channels / groups);
  Ints merged(last, 0);
  merged.push_back(channels);
  Ints over(last - 1);
  std::iota(over.begin(), over.end(), 1);
  over.push_back(static_cast<int64_t>(last) + 1);
  std::vector<Value> inputs{g.reshape(x, split)};
  if (scaled) inputs.push_back(g.reshape(call.weight("gamma", {channels}), {groups, channels / groups}));
  if (centered) inputs.push_back(g.reshape(call.weight("beta", {channels}), {groups, channels / groups}));
  const double epsilon = config.number({"epsilon"}, 1e-3, at_least(0));
  const Value y = g.op("layer_norm", inputs,
                       {{"axes", over}, {"epsilon", epsilon}, {"has_gamma", scaled}, {"has_beta", centered}});
  return {g.cast(g.transpose(g.reshape(y, merged), order), dtype)};
}

}  // namespace

CORNU_LAYER(group_normalization) = {
    .keras_names = {"GroupNormalization"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
