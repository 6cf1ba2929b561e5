// Pooling: what max_pool and avg_pool share.
#pragma once

#include "ops/window.h"

namespace cornu::ops {

// The attribute "window": one size of at least 1 per spatial axis.
Ints pool_window(const Attrs& attrs, int n);

// y (batch, out..., channels) for x (batch, spatial..., channels). Throws bad_shape; a padding must be
// smaller than its window, so that every window holds an element.
void infer_pool(ir::InferContext& c);

// From `start` on runs sum = add(sum, value) for each element of each window and gives y = end(sum, count)
// channel by channel.
template <class T, class Add, class End>
void pool(const Window& window, int64_t batches, int64_t channels, double start, const KernelCall& call,
          Add add, End end) {
  const auto& [d, h, w] = window;
  const int64_t pixels = batches * d.out * h.out * w.out;
  const auto x = in_as<T>(call);
  for (int64_t pixel = 0; pixel < pixels; ++pixel) {
    const int64_t ow = pixel % w.out;
    const int64_t oh = pixel / w.out % h.out;
    const int64_t od = pixel / (w.out * h.out) % d.out;
    const int64_t batch = pixel / (w.out * h.out * d.out);
    const auto [d_begin, d_end] = d.taps(od);
    const auto [h_begin, h_end] = h.taps(oh);
    const auto [w_begin, w_end] = w.taps(ow);
    double* sums = reinterpret_cast<double*>(call.scratch);
    std::fill_n(sums, channels, start);
    for (int64_t kd = d_begin; kd < d_end; ++kd) {
      for (int64_t kh = h_begin; kh < h_end; ++kh) {
        for (int64_t kw = w_begin; kw < w_end; ++kw) {
          const int64_t row =
              (batch * d.in + d.first(od) + kd * d.dilation) * h.in + h.first(oh) + kh * h.dilation;
          const auto from = x + (row * w.in + w.first(ow) + kw * w.dilation) * channels;
          for (int64_t c = 0; c < channels; ++c) sums[c] = add(sums[c], static_cast<double>(from[c]));
        }
      }
    }
    const int64_t count = (d_end - d_begin) * (h_end - h_begin) * (w_end - w_begin);
    for (int64_t c = 0; c < channels; ++c)
      out_as<T>(call)[pixel * channels + c] = static_cast<T>(end(sums[c], count));
  }
}

// A reference kernel out of add and end.
template <class Add, class End>
PreparedKernel prepare_pool(const KernelSite& site, double start, Add add, End end) {
  const Shape& x = site.in[0].shape;
  const Shape& y = site.out[0].shape;
  if (is_empty(site)) return do_nothing();
  const int n = spatial_rank(x);
  const Window window = window_of(x, y, pool_window(site.attrs, n), window_attrs(site.attrs, n));
  const int64_t batches = x[0];
  const int64_t channels = x.back();
  return with_float_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{
        [=](const KernelCall& call) { pool<T>(window, batches, channels, start, call, add, end); },
        channels * static_cast<int64_t>(sizeof(double)),
        {}};
  });
}

}  // namespace cornu::ops
