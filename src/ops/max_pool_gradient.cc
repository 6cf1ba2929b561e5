// max_pool_gradient: each dy goes to the first element of its window that is the largest, in row-major order.
// Inputs  x (batch, spatial..., channels), y = max_pool(x), dy of y's shape. One floating-point type
// Output  dx of x's shape
// Attrs   window, strides, auto_pad, padding as max_pool has them
// Errors  bad_shape: y or dy that is not of max_pool's shape
// Source  TensorFlow's MaxPoolGrad
#include "base/thread_pool.h"
#include "ops/pool.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const TensorType x = c.in[0];
  infer_pool(c);
  if (!(c.out[0].shape == c.in[1].shape) || !(c.in[1] == c.in[2])) {
    fail(ErrorCode::bad_shape, "", "y {} or dy {} is not what a max_pool of x {} gives",
         c.in[1].shape.to_string(), c.in[2].shape.to_string(), x.shape.to_string());
  }
  c.result(x.dtype, x.shape);
}

// All windows of one image.
template <class T>
void run_image(const Window& window, int64_t channels, int64_t image, const KernelCall& call) {
  const auto& [d, h, w] = window;
  const int64_t in_pixels = d.in * h.in * w.in;
  const int64_t out_pixels = d.out * h.out * w.out;
  const auto x = in_as<T>(call, 0) + image * in_pixels * channels;
  const auto y = in_as<T>(call, 1) + image * out_pixels * channels;
  const auto dy = in_as<T>(call, 2) + image * out_pixels * channels;
  T* const dx = out_as<T>(call) + image * in_pixels * channels;
  std::fill_n(dx, in_pixels * channels, T{0});
  for (int64_t pixel = 0; pixel < out_pixels; ++pixel) {
    const int64_t ow = pixel % w.out;
    const int64_t oh = pixel / w.out % h.out;
    const int64_t od = pixel / (w.out * h.out);
    const auto [d_begin, d_end] = d.taps(od);
    const auto [h_begin, h_end] = h.taps(oh);
    const auto [w_begin, w_end] = w.taps(ow);
    for (int64_t c = 0; c < channels; ++c) {
      const T largest = y[pixel * channels + c];
      bool found = false;
      for (int64_t kd = d_begin; kd < d_end && !found; ++kd) {
        for (int64_t kh = h_begin; kh < h_end && !found; ++kh) {
          const int64_t row = (d.first(od) + kd) * h.in + h.first(oh) + kh;
          for (int64_t kw = w_begin; kw < w_end && !found; ++kw) {
            const int64_t at = (row * w.in + w.first(ow) + kw) * channels + c;
            if (x[at] != largest) continue;
            dx[at] += dy[pixel * channels + c];
            found = true;
          }
        }
      }
    }
  }
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.in[0].shape;
  const int n = spatial_rank(x);
  const Window window =
      window_of(x, site.in[1].shape, pool_window(site.attrs, n), window_attrs(site.attrs, n));
  return with_float_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{
        [window, batch = x[0], channels = x.back()](const KernelCall& call) {
          call.pool.run(batch, [&](int64_t image, int) { run_image<T>(window, channels, image, call); });
        },
        0,
        {}};
  });
}

}  // namespace

CORNU_OP(max_pool_gradient) = {
    .name = "max_pool_gradient", .min_inputs = 3, .max_inputs = 3, .infer = infer, .reference = reference};

}  // namespace cornu::ops
