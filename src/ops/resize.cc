// resize: x resampled to another size along its spatial axes.
// Input   x  (batch, spatial..., channels), 1 to 3 spatial axes, floating point
// Attrs   one of  factors  whole multiples >= 1  and  size  of the result >= 1: Ints, one per spatial axis
//         method  "nearest" (default), "bilinear", "bicubic", "lanczos3", "lanczos5", "area"
//         half_pixel true, antialias false (ops/resample.h)
//         fit     with size, for two spatial axes: "stretch" (default); "crop" to the target's proportions first;
//                 "pad" to them with `fill` (0); "center" takes the middle where x is large enough, else crops
// Errors  bad_shape: neither or both of factors and size, an unknown method or fit, an empty axis that should grow
// Source  tf.image.resize of TensorFlow 2.21; with factors, "nearest" repeats elements as Keras's UpSampling
// does
#include "ops/resample.h"

namespace cornu::ops {
namespace {

int spatial_axes(const Shape& x) {
  if (x.rank() < 3 || x.rank() > 5) {
    fail(ErrorCode::bad_shape, "", "x has shape {}, it must be (batch, 1 to 3 spatial axes, channels)",
         x.to_string());
  }
  return x.rank() - 2;
}

ResizeOptions options_of(const Attrs& attrs) {
  const std::string name = attrs.text("method", "nearest");
  const std::optional<ResizeMethod> method = resize_method_named(name);
  if (!method) {
    fail(ErrorCode::bad_shape, "",
         "the method of resize is '{}', it must be nearest, bilinear, bicubic, lanczos3, lanczos5 or area",
         name);
  }
  return {*method, attrs.flag("half_pixel", true), attrs.flag("antialias")};
}

ResizeFit fit_of(const Attrs& attrs, int spatial) {
  const std::string name = attrs.text("fit", "stretch");
  const std::optional<ResizeFit> fit = resize_fit_named(name);
  if (!fit || (*fit != ResizeFit::stretch && (spatial != 2 || !attrs.has("size")))) {
    fail(ErrorCode::bad_shape, "",
         "the fit of resize is '{}', it must be stretch, or with a size of two axes crop, pad or center",
         name);
  }
  return *fit;
}

void infer(ir::InferContext& c) {
  require_floats(c);
  const Shape& x = c.in[0].shape;
  const auto n = static_cast<size_t>(spatial_axes(x));
  options_of(c.attrs);
  fit_of(c.attrs, static_cast<int>(n));
  const bool has_size = c.attrs.has("size");
  if (has_size == c.attrs.has("factors"))
    fail(ErrorCode::bad_shape, "", "resize takes either factors or size");
  // 2^31: positions are computed in float, which is useless long before.
  const Ints given = bounded_ints(c.attrs, has_size ? "size" : "factors", n, 1, int64_t{1} << 31, 1);
  Shape y = x;
  for (size_t i = 0; i < n; ++i) {
    const int axis = static_cast<int>(i) + 1;
    if (has_size && x[axis] == 0)
      fail(ErrorCode::bad_shape, "", "axis {} of {} is empty and cannot be resized to {}", axis,
           x.to_string(), given[i]);
    y[axis] = has_size ? given[i] : checked_size(x[axis], given[i], "a resized axis");
  }
  y.elements();  // throws if that overflows
  c.result(c.in[0].dtype, y);
}

struct Plan {
  std::array<int64_t, 3> in = {1, 1, 1};
  std::array<int64_t, 3> out = {1, 1, 1};
  std::array<AxisTaps, 3> taps;
  int64_t batches = 0, channels = 0;
  double fill = 0;  // of taps outside x
};

Plan make_plan(const KernelSite& site) {
  const Shape& x = site.in[0].shape;
  const Shape& y = site.out[0].shape;
  const ResizeOptions options = options_of(site.attrs);
  Plan plan;
  plan.batches = x[0];
  plan.channels = x.back();
  const int n = spatial_axes(x);
  for (int i = 0; i < 3; ++i) {
    const auto at = static_cast<size_t>(i);
    const int axis = i - 3 + n + 1;  // missing axes come first and have size 1
    if (axis >= 1) plan.in[at] = x[axis];
    if (axis >= 1) plan.out[at] = y[axis];
    plan.taps[at] = resample_axis(plan.in[at], plan.out[at], options);
  }
  const ResizeFit fit = fit_of(site.attrs, n);
  if (fit == ResizeFit::stretch) return plan;
  plan.fill = site.attrs.number("fill", 0);
  const auto windows = fit_windows({plan.in[1], plan.in[2]}, {plan.out[1], plan.out[2]}, fit);
  for (size_t i = 0; i < 2; ++i)
    plan.taps[i + 1] = resample_window(windows[i], plan.in[i + 1], plan.out[i + 1], options);
  return plan;
}

template <class Fn>
void for_each_tap(const AxisTaps& axis, int64_t o, Fn&& fn) {
  const auto at = static_cast<size_t>(o);
  for (int64_t i = axis.starts[at]; i < axis.starts[at + 1]; ++i) fn(axis.taps[static_cast<size_t>(i)]);
}

template <class T>
void run(const Plan& plan, const KernelCall& call) {
  const auto x = in_as<T>(call);
  T* y = out_as<T>(call);
  double* sums = reinterpret_cast<double*>(call.scratch);
  const int64_t pixels = plan.batches * plan.out[0] * plan.out[1] * plan.out[2];
  for (int64_t pixel = 0; pixel < pixels; ++pixel, y += plan.channels) {
    const int64_t width = pixel % plan.out[2];
    const int64_t height = pixel / plan.out[2] % plan.out[1];
    const int64_t depth = pixel / (plan.out[2] * plan.out[1]) % plan.out[0];
    const int64_t batch = pixel / (plan.out[2] * plan.out[1] * plan.out[0]);
    std::fill_n(sums, plan.channels, 0.0);
    for_each_tap(plan.taps[0], depth, [&](const Tap& d) {
      for_each_tap(plan.taps[1], height, [&](const Tap& h) {
        for_each_tap(plan.taps[2], width, [&](const Tap& w) {
          const double weight = d.weight * h.weight * w.weight;
          if (h.index < 0 || w.index < 0) {
            for (int64_t c = 0; c < plan.channels; ++c) sums[c] += weight * plan.fill;
            return;
          }
          const int64_t row = (batch * plan.in[0] + d.index) * plan.in[1] + h.index;
          const auto from = x + (row * plan.in[2] + w.index) * plan.channels;
          for (int64_t c = 0; c < plan.channels; ++c) sums[c] += weight * static_cast<double>(from[c]);
        });
      });
    });
    for (int64_t c = 0; c < plan.channels; ++c) y[c] = static_cast<T>(sums[c]);
  }
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  Plan plan = make_plan(site);
  const int64_t scratch_bytes = plan.channels * static_cast<int64_t>(sizeof(double));
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{
        [plan = std::move(plan)](const KernelCall& call) { run<T>(plan, call); }, scratch_bytes, {}};
  });
}

}  // namespace

CORNU_OP(resize) = {.name = "resize", .infer = infer, .reference = reference};

}  // namespace cornu::ops
