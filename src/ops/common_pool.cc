#include "ops/pool.h"

namespace cornu::ops {

Ints pool_window(const Attrs& attrs, int n) {
  attrs.ints("window");  // a pool without a window is a defect of the graph's builder
  return bounded_ints(attrs, "window", static_cast<size_t>(n), 1, kLargestStep, 1);
}

void infer_pool(ir::InferContext& c) {
  require_floats(c);
  const Shape& x = c.in[0].shape;
  const int n = spatial_rank(x);
  const Ints window = pool_window(c.attrs, n);
  const WindowAttrs attrs = window_attrs(c.attrs, n);
  for (size_t i = 0; i < attrs.padding.size(); ++i) {
    if (attrs.padding[i] >= window[i / 2]) {
      fail(ErrorCode::bad_shape, "", "a window of {} elements is padded by {}, it would hold no element",
           window[i / 2], attrs.padding[i]);
    }
  }
  Shape y = {x[0]};
  for (int64_t size : window_output(x, window, attrs)) y.push_back(size);
  y.push_back(x.back());
  c.result(c.in[0].dtype, y);
}

}  // namespace cornu::ops
