// conv_transpose: the transpose of a convolution, which maps its output's size back to its input's.
//   y[b, i * stride + k * dilation - low, f] += x[b, i, c] * w[k, f, c]     for every i, k that land inside y
// Inputs  x  (batch, spatial..., channels);  w  (kernel..., filters, channels); then those of the epilogue
//         (base/epilogue.h). One floating-point type
// Output  y  (batch, out..., filters)
// Attrs   epilogue, activation; strides, dilations (absent: ones); auto_pad "same" or "valid" (default); output_padding Ints,
// absent: Keras's default:
//         with extent = (kernel - 1) * dilation + 1,
//           valid  out = (in - 1) * stride + extent + output_padding; default: max(stride - extent, 0)
//           same   out = in * stride, or with output_padding (in - 1) * stride + extent % 2 + output_padding
//         output_size  sizes of the spatial axes of y instead, whose convolution, with auto_pad, padding as conv has them, leads to x
//         low is what the convolution from out to in pads in front: 0, or for same half of what it lacks,
//         rounded down.
// Errors  bad_shape: ranks, channels, or an output size from which no convolution leads back to in
// Source  keras/src/backend/common/backend_utils.py, 3.15.1; TensorFlow's Conv2DBackpropInput
#include "ops/finish.h"
#include "ops/window.h"

namespace cornu::ops {
namespace {

constexpr int64_t kDefault = -1;

struct Options {
  WindowAttrs window;
  Ints output_padding;
  Ints output_size;  // or empty
};

Options options_of(const Attrs& attrs, int n) {
  Options options{window_attrs(attrs, n), Ints(static_cast<size_t>(n), kDefault), {}};
  if (attrs.has("output_size")) {
    options.output_size = bounded_ints(attrs, "output_size", static_cast<size_t>(n), 1, kLargestStep, 1);
    return options;
  }
  if (options.window.pad == WindowAttrs::Pad::fixed) {
    fail(ErrorCode::bad_shape, "", "conv_transpose takes auto_pad same or valid, received explicit");
  }
  if (attrs.has("output_padding")) {
    options.output_padding =
        bounded_ints(attrs, "output_padding", static_cast<size_t>(n), 0, kLargestStep, 0);
  }
  return options;
}

int64_t output_size(int64_t in, int64_t kernel, int64_t stride, int64_t dilation, int64_t added, bool same) {
  if (in == Shape::kUnknown || kernel == Shape::kUnknown) return Shape::kUnknown;
  if (in == 0) return 0;
  const int64_t extent = (kernel - 1) * dilation + 1;
  int64_t out = 0;
  const bool is_default = added == kDefault;
  const int64_t last = same ? (is_default ? stride : extent % 2 + added)
                            : extent + (is_default ? std::max<int64_t>(stride - extent, 0) : added);
  if (__builtin_mul_overflow(in - 1, stride, &out) || __builtin_add_overflow(out, last, &out)) {
    fail(ErrorCode::bad_shape, "", "{} elements with stride {} lead to more than 64 bits can count", in,
         stride);
  }
  const int64_t back = same ? (out + stride - 1) / stride : out < extent ? 0 : (out - extent) / stride + 1;
  if (back != in) {
    fail(ErrorCode::bad_shape, "",
         "output_padding {} gives {} elements, from which no convolution with stride {} leads to {}", added,
         out, stride, in);
  }
  return out;
}

// The sizes of y's spatial axes.
Ints output_sizes(const Shape& x, const Shape& w, const Options& options) {
  const int n = x.rank() - 2;
  Ints sizes = options.output_size;
  if (!sizes.empty()) {
    Shape y = {x[0]};
    for (int64_t size : sizes) y.push_back(size);
    y.push_back(w[n]);
    const Ints back = window_output(y, Ints(w.begin(), w.begin() + n), options.window);
    for (int axis = 0; axis < n; ++axis) {
      if (x[axis + 1] != Shape::kUnknown && back[static_cast<size_t>(axis)] != x[axis + 1]) {
        fail(ErrorCode::bad_shape, "", "output_size gives {}, from which no convolution leads to x {}",
             y.to_string(), x.to_string());
      }
    }
    return sizes;
  }
  for (int axis = 0; axis < n; ++axis) {
    const auto i = static_cast<size_t>(axis);
    if (w[axis] != Shape::kUnknown && (w[axis] < 1 || w[axis] > kLargestStep)) {
      fail(ErrorCode::bad_shape, "", "the kernel has {} elements along axis {}, 1 to 2^30 are accepted",
           w[axis], axis);
    }
    sizes.push_back(output_size(x[axis + 1], w[axis], options.window.strides[i], options.window.dilations[i],
                                options.output_padding[i], options.window.pad == WindowAttrs::Pad::same));
  }
  return sizes;
}

void infer(ir::InferContext& c) {
  require_floats(c);
  const Shape& x = c.in[0].shape;
  const Shape& w = c.in[1].shape;
  const int n = spatial_rank(x);
  if (w.rank() != n + 2 ||
      (x.back() != w.back() && x.back() != Shape::kUnknown && w.back() != Shape::kUnknown)) {
    fail(ErrorCode::bad_shape, "", "the kernel {} (kernel..., filters, channels) does not fit x {}",
         w.to_string(), x.to_string());
  }
  const Options options = options_of(c.attrs, n);
  Shape y = {x[0]};
  for (int64_t size : output_sizes(x, w, options)) y.push_back(size);
  y.push_back(w[n]);
  y.elements();  // throws if that overflows
  check_epilogue(c, y, w[n]);
  c.result(c.in[0].dtype, y);
}

struct Sizes {
  Window window;  // of the convolution from y (its `in`) to x (its `out`)
  int64_t pixels, channels, filters;
};

// y[f] += w[f, :] . x for all filters of one tap.
template <class T>
void add_tap(const Sizes& n, UnalignedArray<T> x, UnalignedArray<T> w, double* sums) {
  for (int64_t f = 0; f < n.filters; ++f) {
    const auto row = w + f * n.channels;
    double sum = 0;
    for (int64_t c = 0; c < n.channels; ++c) sum += static_cast<double>(row[c]) * static_cast<double>(x[c]);
    sums[f] += sum;
  }
}

// The element of x whose window's tap k covers element `o` of y, or -1.
int64_t source_of(const WindowAxis& axis, int64_t o, int64_t k) {
  const int64_t start = o + axis.low - k * axis.dilation;
  if (start < 0 || start % axis.stride != 0 || start / axis.stride >= axis.out) return -1;
  return start / axis.stride;
}

template <class T>
void sum_pixel(const Sizes& n, int64_t pixel, const KernelCall& call, double* sums) {
  const auto& [d, h, w] = n.window;
  const int64_t ow = pixel % w.in;
  const int64_t oh = pixel / w.in % h.in;
  const int64_t od = pixel / (w.in * h.in) % d.in;
  const int64_t batch = pixel / (w.in * h.in * d.in);
  std::fill_n(sums, n.filters, 0.0);
  for (int64_t kd = 0; kd < d.kernel; ++kd) {
    const int64_t id = source_of(d, od, kd);
    for (int64_t kh = 0; id >= 0 && kh < h.kernel; ++kh) {
      const int64_t ih = source_of(h, oh, kh);
      for (int64_t kw = 0; ih >= 0 && kw < w.kernel; ++kw) {
        const int64_t iw = source_of(w, ow, kw);
        if (iw < 0) continue;
        const int64_t from = (((batch * d.out + id) * h.out + ih) * w.out + iw) * n.channels;
        const int64_t tap = (kd * h.kernel + kh) * w.kernel + kw;
        add_tap<T>(n, in_as<T>(call, 0) + from, in_as<T>(call, 1) + tap * n.filters * n.channels, sums);
      }
    }
  }
}

PreparedKernel reference(const KernelSite& site) {
  const Shape& x = site.in[0].shape;
  const Shape& w = site.in[1].shape;
  const Shape& y = site.out[0].shape;
  if (is_empty(site)) return do_nothing();
  const int n = spatial_rank(x);
  const Options options = options_of(site.attrs, n);
  const Sizes sizes = {window_of(y, x, Ints(w.begin(), w.begin() + n), options.window), y.elements(0, n + 1),
                       x.back(), y.back()};
  const Epilogue epilogue = Epilogue::parse(site.attrs, 2);
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

CORNU_OP(conv_transpose) = {
    .name = "conv_transpose", .min_inputs = 2, .max_inputs = 5, .infer = infer, .reference = reference};

}  // namespace cornu::ops
