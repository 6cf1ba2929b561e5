// conv: convolution (in fact correlation) over 1 to 3 spatial axes.
//   y[b, o..., f] = activation(scale[f] * sum over k..., c of x[b, o * stride - low + k * dilation, c] *
//   w[k..., c, f] + ...)
// Inputs  x  (batch, spatial..., channels);  w  (kernel..., channels / groups, filters), filters in groups
// one after the
//         other; then those of the epilogue (base/epilogue.h). One floating-point type
// Output  y  (batch, out..., filters)
// Attrs   strides, dilations, auto_pad, padding (ops/window.h); groups 1; epilogue, activation
// Errors  bad_shape: ranks, channels, groups or a window that do not fit
// Source  TensorFlow's Conv2D; groups as in keras/src/layers/convolutional/base_conv.py
#include "ops/finish.h"
#include "ops/window.h"

namespace cornu::ops {
namespace {

void check_channels(const Shape& x, const Shape& w, int64_t groups) {
  const int64_t channels = x.back();
  const int64_t group_channels = w[w.rank() - 2];
  const int64_t filters = w.back();
  if (groups < 1 || (filters != Shape::kUnknown && filters % groups != 0)) {
    fail(ErrorCode::bad_shape, "", "{} filters cannot be split into {} groups", filters, groups);
  }
  if (channels == Shape::kUnknown || group_channels == Shape::kUnknown) return;
  if (channels % groups != 0 || channels / groups != group_channels) {
    fail(ErrorCode::bad_shape, "", "x {} has {} channels in {} groups, the kernel {} takes {} in each",
         x.to_string(), channels, groups, w.to_string(), group_channels);
  }
}

void infer(ir::InferContext& c) {
  require_floats(c);
  const Shape& x = c.in[0].shape;
  const Shape& w = c.in[1].shape;
  const int n = spatial_rank(x);
  if (w.rank() != n + 2) {
    fail(ErrorCode::bad_shape, "", "the kernel has shape {}, x {} needs one of {} axes", w.to_string(),
         x.to_string(), n + 2);
  }
  check_channels(x, w, c.attrs.integer("groups", 1));
  Shape y = {x[0]};
  const Ints kernel(w.begin(), w.begin() + n);
  for (int64_t size : window_output(x, kernel, window_attrs(c.attrs, n))) y.push_back(size);
  y.push_back(w.back());
  check_epilogue(c, y, w.back());
  c.result(c.in[0].dtype, y);
}

struct Sizes {
  Window window;
  int64_t pixels, channels, filters, groups;
};

// sums[f] += x[c] * w[c, f] for all channels of one tap.
template <class T>
void add_tap(const Sizes& n, UnalignedArray<T> x, UnalignedArray<T> w, double* sums) {
  const int64_t group_channels = n.channels / n.groups;
  const int64_t group_filters = n.filters / n.groups;
  for (int64_t channel = 0; channel < n.channels; ++channel) {
    const auto value = static_cast<double>(x[channel]);
    const int64_t first = channel / group_channels * group_filters;
    const auto row = w + (channel % group_channels * n.filters + first);
    double* out = sums + first;
    for (int64_t f = 0; f < group_filters; ++f) out[f] += value * static_cast<double>(row[f]);
  }
}

// The sums of output pixel (batch, depth, height, width), numbered in row-major order.
template <class T>
void sum_pixel(const Sizes& n, int64_t pixel, const KernelCall& call, double* sums) {
  const auto& [d, h, w] = n.window;
  const int64_t ow = pixel % w.out;
  const int64_t oh = pixel / w.out % h.out;
  const int64_t od = pixel / (w.out * h.out) % d.out;
  const int64_t batch = pixel / (w.out * h.out * d.out);
  const auto [d_begin, d_end] = d.taps(od);
  const auto [h_begin, h_end] = h.taps(oh);
  const auto [w_begin, w_end] = w.taps(ow);
  std::fill_n(sums, n.filters, 0.0);
  for (int64_t kd = d_begin; kd < d_end; ++kd) {
    for (int64_t kh = h_begin; kh < h_end; ++kh) {
      for (int64_t kw = w_begin; kw < w_end; ++kw) {
        const int64_t id = d.first(od) + kd * d.dilation;
        const int64_t ih = h.first(oh) + kh * h.dilation;
        const int64_t iw = w.first(ow) + kw * w.dilation;
        const int64_t from = (((batch * d.in + id) * h.in + ih) * w.in + iw) * n.channels;
        const int64_t tap = (kd * h.kernel + kh) * w.kernel + kw;
        add_tap<T>(n, in_as<T>(call, 0) + from, in_as<T>(call, 1) + tap * (n.channels / n.groups) * n.filters,
                   sums);
      }
    }
  }
}

PreparedKernel reference(const KernelSite& site) {
  const Shape& x = site.in[0].shape;
  const Shape& w = site.in[1].shape;
  const Shape& y = site.out[0].shape;
  const int n = spatial_rank(x);
  const Ints kernel(w.begin(), w.begin() + n);
  const Sizes sizes = {window_of(x, y, kernel, window_attrs(site.attrs, n)), y.elements(0, y.rank() - 1),
                       x.back(), y.back(), site.attrs.integer("groups", 1)};
  const Epilogue epilogue = Epilogue::parse(site.attrs, 2);
  if (is_empty(site)) return do_nothing();
  return with_float_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[sizes, epilogue](const KernelCall& call) {
                            for_each_row(sizes.pixels, sizes.filters, call, [&](int64_t pixel, double* sums) {
                              sum_pixel<T>(sizes, pixel, call, sums);
                              finish_row<T>(epilogue, sums, pixel, sizes.filters, call);
                            });
                          },
                          row_scratch_bytes(sizes.filters, site.threads),
                          {}};
  });
}

}  // namespace

CORNU_OP(conv) = {.name = "conv", .min_inputs = 2, .max_inputs = 5, .infer = infer, .reference = reference};

}  // namespace cornu::ops
