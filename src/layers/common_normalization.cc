// See common_normalization.h.
#include "layers/common_normalization.h"

#include <algorithm>

namespace cornu::layers {

std::vector<int> config_axes(const LayerCall& call, const Shape& x, Keys keys, Ints fallback) {
  std::vector<int> axes;
  for (int64_t axis : call.config.has(keys) ? call.config.ints(keys) : std::move(fallback)) {
    if (axis < -x.rank() || axis >= x.rank()) {
      call.config.fail_value(*keys.begin(), call.config.raw(keys),
                             fmt::format("axes of an input of shape {}", x.to_string()));
    }
    axes.push_back(static_cast<int>(axis < 0 ? axis + x.rank() : axis));
  }
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end()) {
    call.config.fail_value(*keys.begin(), call.config.raw(keys), "each axis once");
  }
  return axes;
}

Value widen(LayerCall& call) {
  if (call.compute_dtype != DType::float64) call.compute_dtype = DType::float32;
  return call.g.cast(call.in[0], call.compute_dtype);
}

Value along(GraphBuilder& g, Value vector, const std::vector<int>& axes, const Shape& x) {
  if (axes.empty()) return vector;
  // Without its leading axes of size 1 the shape says the same.
  Ints shape(static_cast<size_t>(x.rank() - axes.front()), 1);
  for (int axis : axes) shape[static_cast<size_t>(axis - axes.front())] = x[axis];
  return shape.size() == axes.size() ? vector : g.reshape(vector, shape);
}

}  // namespace cornu::layers
