// avg_pool_gradient: each dy is shared by the elements of its window.
// Input   dy (batch, out..., channels), floating point
// Output  dx (batch, input_size..., channels)
// Attrs   input_size Ints: the spatial axes of avg_pool's x; window, strides, auto_pad, padding as avg_pool has them
// Errors  bad_shape: an input_size that avg_pool does not lead to dy
#include "base/thread_pool.h"
#include "ops/pool.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const TensorType dy = c.in[0];
  const int n = spatial_rank(dy.shape);
  Shape x = dy.shape;
  const Ints sizes = bounded_ints(c.attrs, "input_size", static_cast<size_t>(n), 0, kLargestStep, 0);
  for (int axis = 0; axis < n; ++axis) x[axis + 1] = sizes[static_cast<size_t>(axis)];
  const TensorType in[] = {{dy.dtype, x}};
  const Tensor* const constants[] = {nullptr};
  ir::InferContext pool{in, constants, c.attrs, {}};
  infer_pool(pool);
  if (!(pool.out[0].shape == dy.shape))
    fail(ErrorCode::bad_shape, "", "dy {} is not what an avg_pool of {} gives", dy.shape.to_string(),
         x.to_string());
  c.result(dy.dtype, x);
}

// All windows of one image.
template <class T>
void run_image(const Window& window, int64_t channels, int64_t image, const KernelCall& call) {
  const auto& [d, h, w] = window;
  const int64_t out_pixels = d.out * h.out * w.out;
  const auto dy = in_as<T>(call) + image * out_pixels * channels;
  T* const dx = out_as<T>(call) + image * d.in * h.in * w.in * channels;
  std::fill_n(dx, d.in * h.in * w.in * channels, T{0});
  for (int64_t pixel = 0; pixel < out_pixels; ++pixel) {
    const int64_t ow = pixel % w.out;
    const int64_t oh = pixel / w.out % h.out;
    const int64_t od = pixel / (w.out * h.out);
    const auto [d_begin, d_end] = d.taps(od);
    const auto [h_begin, h_end] = h.taps(oh);
    const auto [w_begin, w_end] = w.taps(ow);
    const auto share =
        static_cast<T>(1.0 / static_cast<double>((d_end - d_begin) * (h_end - h_begin) * (w_end - w_begin)));
    for (int64_t kd = d_begin; kd < d_end; ++kd) {
      for (int64_t kh = h_begin; kh < h_end; ++kh) {
        const int64_t row = (d.first(od) + kd) * h.in + h.first(oh) + kh;
        for (int64_t kw = w_begin; kw < w_end; ++kw) {
          T* const to = dx + (row * w.in + w.first(ow) + kw) * channels;
          for (int64_t c = 0; c < channels; ++c) to[c] += dy[pixel * channels + c] * share;
        }
      }
    }
  }
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.out[0].shape;
  const int n = spatial_rank(x);
  const Window window =
      window_of(x, site.in[0].shape, pool_window(site.attrs, n), window_attrs(site.attrs, n));
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

CORNU_OP(avg_pool_gradient) = {.name = "avg_pool_gradient", .infer = infer, .reference = reference};

}  // namespace cornu::ops
