// conv_weight_gradient: the gradient of a convolution to its kernel.
//   dw[k..., c, f] = sum over b, o... of x[b, o * stride - low + k * dilation, first(f) + c] * dy[b, o..., f]
// with first(f) the first channel of f's group.
// Inputs  x (batch, spatial..., channels); dy (batch, out..., filters). One floating-point type
// Output  dw (kernel..., channels / groups, filters)
// Attrs   kernel Ints; strides, dilations, auto_pad, padding, groups as conv has them (ops/window.h)
// Errors  bad_shape: sizes from which the convolution does not lead to dy
#include "base/thread_pool.h"
#include "ops/window.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  require_floats(c);
  const Shape& x = c.in[0].shape;
  const Shape& dy = c.in[1].shape;
  const int n = spatial_rank(x);
  const Ints kernel = bounded_ints(c.attrs, "kernel", static_cast<size_t>(n), 1, kLargestStep, 1);
  const int64_t groups = c.attrs.integer("groups", 1);
  const Ints out = window_output(x, kernel, window_attrs(c.attrs, n));
  bool fits = dy.rank() == x.rank() && groups >= 1 && x.back() % groups == 0 && dy.back() % groups == 0;
  for (int axis = 0; fits && axis < n; ++axis) fits = out[static_cast<size_t>(axis)] == dy[axis + 1];
  if (!fits) {
    fail(ErrorCode::bad_shape, "", "no convolution leads from x {} to dy {} in {} groups", x.to_string(),
         dy.to_string(), groups);
  }
  Shape dw;
  for (int64_t size : kernel) dw.push_back(size);
  dw.push_back(x.back() / groups);
  dw.push_back(dy.back());
  c.result(c.in[0].dtype, dw);
}

struct Sizes {
  Window window;
  int64_t batch, channels, filters, groups;

  int64_t taps() const { return window[0].kernel * window[1].kernel * window[2].kernel; }
};

// sums[c, f] += x[c] * dy[f] within each group.
template <class T>
void add_pixel(const Sizes& n, UnalignedArray<T> x, UnalignedArray<T> dy, double* sums) {
  const int64_t group_channels = n.channels / n.groups;
  const int64_t group_filters = n.filters / n.groups;
  for (int64_t channel = 0; channel < n.channels; ++channel) {
    const auto value = static_cast<double>(x[channel]);
    const int64_t first = channel / group_channels * group_filters;
    double* const row = sums + channel % group_channels * n.filters + first;
    for (int64_t f = 0; f < group_filters; ++f) row[f] += value * static_cast<double>(dy[first + f]);
  }
}

// The outputs whose tap lies inside of x, along one axis.
std::pair<int64_t, int64_t> covered(const WindowAxis& axis, int64_t tap) {
  int64_t begin = 0;
  while (begin < axis.out && axis.first(begin) + tap * axis.dilation < 0) ++begin;
  int64_t end = axis.out;
  while (end > begin && axis.first(end - 1) + tap * axis.dilation >= axis.in) --end;
  return {begin, end};
}

template <class T>
void sum_tap(const Sizes& n, int64_t tap, const KernelCall& call, double* sums) {
  const auto& [d, h, w] = n.window;
  const int64_t kw = tap % w.kernel;
  const int64_t kh = tap / w.kernel % h.kernel;
  const int64_t kd = tap / (w.kernel * h.kernel);
  const auto [d_begin, d_end] = covered(d, kd);
  const auto [h_begin, h_end] = covered(h, kh);
  const auto [w_begin, w_end] = covered(w, kw);
  const int64_t count = n.channels / n.groups * n.filters;
  std::fill_n(sums, count, 0.0);
  for (int64_t b = 0; b < n.batch; ++b) {
    for (int64_t od = d_begin; od < d_end; ++od) {
      for (int64_t oh = h_begin; oh < h_end; ++oh) {
        const int64_t row_in =
            (b * d.in + d.first(od) + kd * d.dilation) * h.in + h.first(oh) + kh * h.dilation;
        const int64_t row_out = (b * d.out + od) * h.out + oh;
        for (int64_t ow = w_begin; ow < w_end; ++ow) {
          const int64_t from = row_in * w.in + w.first(ow) + kw * w.dilation;
          add_pixel<T>(n, in_as<T>(call, 0) + from * n.channels,
                       in_as<T>(call, 1) + (row_out * w.out + ow) * n.filters, sums);
        }
      }
    }
  }
  for (int64_t i = 0; i < count; ++i) out_as<T>(call)[tap * count + i] = static_cast<T>(sums[i]);
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.in[0].shape;
  const Shape& dy = site.in[1].shape;
  const int n = spatial_rank(x);
  const Sizes sizes = {window_of(x, dy, site.attrs.ints("kernel"), window_attrs(site.attrs, n)), x[0],
                       x.back(), dy.back(), site.attrs.integer("groups", 1)};
  const int64_t sums = sizes.channels / sizes.groups * sizes.filters;
  return with_float_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[sizes, sums](const KernelCall& call) {
                            call.pool.run(sizes.taps(), [&](int64_t tap, int thread) {
                              sum_tap<T>(sizes, tap, call,
                                         reinterpret_cast<double*>(call.scratch) + thread * sums);
                            });
                          },
                          site.threads * sums * static_cast<int64_t>(sizeof(double)),
                          {}};
  });
}

}  // namespace

CORNU_OP(conv_weight_gradient) = {
    .name = "conv_weight_gradient", .min_inputs = 2, .max_inputs = 2, .infer = infer, .reference = reference};

}  // namespace cornu::ops
