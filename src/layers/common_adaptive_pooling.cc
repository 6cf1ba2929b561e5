// Adaptive pooling; see common_pooling.h. Windows of one axis have at most two lengths: each is pooled with
// stride 1, and the outputs are picked from both.
// Source: keras/src/backend/tensorflow/nn.py, adaptive_average_pool, 3.15
#include <algorithm>

#include "layers/common_layout.h"
#include "layers/common_pooling.h"

namespace cornu::layers {
namespace {

// The windows [begin, end) of `count` outputs along an axis of `size`.
struct Windows {
  Ints begins;
  Ints lengths;
};

Windows windows_of(int64_t size, int64_t count) {
  Windows windows;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t begin = i * size / count;
    const int64_t end = ((i + 1) * size + count - 1) / count;
    windows.begins.push_back(begin);
    windows.lengths.push_back(end - begin);
  }
  return windows;
}

Value pool_axis(GraphBuilder& g, Value x, int axis, int64_t count, const char* op) {
  const int64_t size = g.shape(x)[axis];
  const auto spatial = static_cast<size_t>(g.rank(x) - 2);
  const Windows windows = windows_of(size, count);
  const auto pooled = [&](int64_t length, int64_t stride) {
    Ints window(spatial, 1);
    Ints strides(spatial, 1);
    window[static_cast<size_t>(axis) - 1] = length;
    strides[static_cast<size_t>(axis) - 1] = stride;
    return g.op(op, {x}, {{"window", window}, {"strides", strides}, {"auto_pad", std::string("valid")}});
  };
  if (size % count == 0) return pooled(size / count, size / count);
  const auto [shortest, longest] = std::minmax_element(windows.lengths.begin(), windows.lengths.end());
  Value y = pooled(*shortest, 1);
  Ints picks = windows.begins;
  if (*longest != *shortest) {
    y = g.op("concat", {y, pooled(*longest, 1)}, {{"axis", int64_t{axis}}});
    for (size_t i = 0; i < picks.size(); ++i) {
      if (windows.lengths[i] == *longest) picks[i] += size - *shortest + 1;
    }
  }
  return g.op("gather", {y, g.constant(tensor_of_ints(picks, {count}))}, {{"axis", int64_t{axis}}});
}

}  // namespace

Value adaptive_pool(LayerCall& call, Value x, const Ints& output_size, const char* op) {
  GraphBuilder& g = call.g;
  for (size_t i = 0; i < output_size.size(); ++i) {
    const int axis = static_cast<int>(i) + 1;
    const int64_t size = g.shape(x)[axis];
    if (size < 1)
      call.fail(ErrorCode::bad_shape, "{} needs known sizes of at least 1, received shape {}",
                call.layer.class_name, g.shape(x).to_string());
    if (size != output_size[i]) x = pool_axis(g, x, axis, output_size[i], op);
  }
  return x;
}

std::vector<Value> lower_adaptive_pool(LayerCall& call, int spatial, const char* op) {
  call.expect_inputs(1);
  call.expect_rank(spatial + 2);
  GraphBuilder& g = call.g;
  call.config.ints({"output_size"});  // required
  const Ints output_size = call.config.spatial({"output_size"}, spatial, 1);
  const bool channels_first = call.config.channels_first();
  const Value y =
      adaptive_pool(call, channels_first ? channels_to_end(g, call.in[0]) : call.in[0], output_size, op);
  return {channels_first ? channels_to_front(g, y) : y};
}

}  // namespace cornu::layers
