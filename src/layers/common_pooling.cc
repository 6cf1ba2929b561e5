// See common_pooling.h. Source: keras/src/layers/pooling/base_pooling.py, base_global_pooling.py,
// global_average_pooling1d.py, 3.15; Keras 1 spellings: keras/layers/pooling.py, 1.2
#include "layers/common_pooling.h"

#include "layers/common_layout.h"

namespace cornu::layers {

namespace {

// A window that hangs over the input holds nothing. Sizes that are unknown here are checked by the op.
void check_window_fits(const LayerCall& call, const Ints& window, int first) {
  const Shape& x = call.g.shape(call.in[0]);
  for (size_t i = 0; i < window.size(); ++i) {
    const int axis = first + static_cast<int>(i);
    if (x[axis] != Shape::kUnknown && x[axis] < window[i]) {
      call.fail(ErrorCode::bad_config, "pool_size {} is larger than axis {} of {}", window[i], axis,
                x.to_string());
    }
  }
}

}  // namespace

std::vector<Value> lower_pool(LayerCall& call, int spatial, const char* op) {
  call.expect_inputs(1);
  call.expect_rank(spatial + 2);
  const LayerConfig& config = call.config;
  const Ints window = config.spatial({"pool_size", "pool_length"}, spatial, 2);
  const Ints strides =
      config.is_set({"strides", "stride"}) ? config.spatial({"strides", "stride"}, spatial, 1) : window;
  const std::string padding = config.choice({"padding", "border_mode"}, "valid", {"valid", "same"});
  const bool channels_first = config.channels_first();
  if (padding == "valid") check_window_fits(call, window, channels_first ? 2 : 1);
  GraphBuilder& g = call.g;
  const Value x = channels_first ? channels_to_end(g, call.in[0]) : call.in[0];
  const Value y = g.op(op, {x}, {{"window", window}, {"strides", strides}, {"auto_pad", padding}});
  return {channels_first ? channels_to_front(g, y) : y};
}

std::vector<Value> lower_global_pool(LayerCall& call, int spatial, const char* op) {
  call.expect_inputs(1);
  call.expect_rank(spatial + 2);
  const int64_t first = call.config.channels_first() ? 2 : 1;
  Ints axes;
  for (int i = 0; i < spatial; ++i) axes.push_back(first + i);
  return {call.g.op(op, {call.in[0]}, {{"axes", axes}, {"keepdims", call.config.flag({"keepdims"}, false)}})};
}

std::vector<Value> lower_masked_mean(LayerCall& call) {
  const Value mask = call.masks.empty() ? Value{} : call.masks[0];
  if (!mask.valid()) return lower_global_pool(call, 1, "reduce_mean");
  call.expect_inputs(1);
  call.expect_rank(3);
  GraphBuilder& g = call.g;
  const bool channels_first = call.config.channels_first();
  const Value x = call.in[0];
  const Value kept = g.op("expand_dims", {mask}, {{"axes", Ints{channels_first ? 1 : 2}}});
  const Attrs steps{{"axes", Ints{channels_first ? 2 : 1}},
                    {"keepdims", call.config.flag({"keepdims"}, false)}};
  const Value sum = g.op("reduce_sum", {g.op("select", {kept, x, g.scalar_like(0, x)})}, steps);
  const Value count = g.op("reduce_sum", {g.cast(kept, g.dtype(x))}, steps);
  return {g.op("div", {sum, count})};
}

}  // namespace cornu::layers
