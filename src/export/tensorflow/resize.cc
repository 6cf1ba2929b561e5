// Resampling: whole factors of the nearest element for any number of axes, the image ops for two.
#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

// Each element `factor` times along an axis.
Ref repeated(TfCall& call, const Ref& x, int64_t axis, int64_t factor) {
  const Ref total = call.int_op("Mul", call.size_of(x, axis, call.dtype()), call.int_scalar(factor));
  const Ref all =
      call.plain("Range", {call.int_scalar(0), total, call.int_scalar(1)}, {{"Tidx", type_of(DType::int32)}});
  return call.gather(x, call.dtype(), call.int_op("FloorDiv", all, call.int_scalar(factor)), DType::int32,
                     axis);
}

Ref wanted_size(TfCall& call) {
  if (call.attrs.has("size")) return call.ints(call.attrs.ints("size"));
  const Ints& factors = call.attrs.ints("factors");
  std::vector<Ref> sizes;
  for (size_t i = 0; i < factors.size(); ++i) {
    const Ref size = call.size_of(call.in(0), static_cast<int64_t>(i) + 1, call.dtype());
    sizes.push_back(call.int_op("Mul", size, call.int_scalar(factors[i])));
  }
  return call.pack(std::move(sizes));
}

// The part of an axis that is resampled: ops/common_resample.cc, fit_windows(), with sizes that are known at run time.
struct Window {
  Ref begin;
  Ref size;
};

// in[other] * out[axis] / out[other], computed in float as TensorFlow does.
Ref proportional(TfCall& call, const Ref& other, int64_t out, int64_t other_out) {
  const Ref product =
      call.cast(call.int_op("Mul", other, call.int_scalar(out)), DType::int32, DType::float32);
  const Ref divisor = call.scalar(static_cast<double>(other_out), DType::float32);
  return call.cast(call.typed("RealDiv", DType::float32, {product, divisor}), DType::float32, DType::int32);
}

Ref half(TfCall& call, const Ref& a, const Ref& b) {
  return call.int_op("FloorDiv", call.int_op("Sub", a, b), call.int_scalar(2));
}

Window cropped(TfCall& call, const Ref& in, const Ref& wanted) {
  const Ref size = call.int_op("Maximum", call.int_op("Minimum", in, wanted), call.int_scalar(1));
  return {half(call, in, size), size};
}

// x cut or padded to the proportions of the target.
Ref fitted(TfCall& call, const std::string& fit) {
  const DType type = call.dtype();
  const Ints& out = call.attrs.ints("size");
  const Ref in[] = {call.size_of(call.in(0), 1, type), call.size_of(call.in(0), 2, type)};
  const auto wanted = [&](size_t i) { return proportional(call, in[1 - i], out[i], out[1 - i]); };
  if (fit == "pad") {
    std::vector<Ref> sides;
    for (size_t i = 0; i < 2; ++i)
      sides.push_back(half(call, call.int_op("Maximum", in[i], wanted(i)), in[i]));
    const Ref zero = call.int_scalar(0);
    const Ref flat = call.pack({zero, zero, sides[0], sides[0], sides[1], sides[1], zero, zero});
    const Ref paddings =
        call.typed("Reshape", DType::int32, {flat, call.ints({4, 2})}, {{"Tshape", type_of(DType::int32)}});
    return call.op("PadV2", {call.in(0), paddings, call.scalar(call.attrs.number("fill", 0))},
                   {{"Tpaddings", type_of(DType::int32)}});
  }
  Window windows[] = {cropped(call, in[0], wanted(0)), cropped(call, in[1], wanted(1))};
  if (fit == "center") {
    const auto reaches = [&](size_t i) {
      return call.int_op("GreaterEqual", in[i], call.int_scalar(out[i]));
    };
    const Ref large = call.plain("LogicalAnd", {reaches(0), reaches(1)});
    for (size_t i = 0; i < 2; ++i) {
      const Ref whole = call.int_scalar(out[i]);
      windows[i] = {call.typed("SelectV2", DType::int32, {large, half(call, in[i], whole), windows[i].begin}),
                    call.typed("SelectV2", DType::int32, {large, whole, windows[i].size})};
    }
  }
  const Ref zero = call.int_scalar(0);
  const Ref all = call.int_scalar(-1);
  return call.op("Slice",
                 {call.in(0), call.pack({zero, windows[0].begin, windows[1].begin, zero}),
                  call.pack({all, windows[0].size, windows[1].size, all})},
                 {{"Index", type_of(DType::int32)}});
}

// The op that filters with any kernel and widens it when shrinking.
Ref filtered(TfCall& call, const std::string& method, const Ref& x) {
  const Ref size = wanted_size(call);
  const Ref sizes =
      call.typed("Slice", DType::int32, {call.shape_at_run(x, call.dtype()), call.ints({1}), call.ints({2})},
                 {{"Index", type_of(DType::int32)}});
  const Ref scale = call.typed(
      "RealDiv", DType::float32,
      {call.cast(size, DType::int32, DType::float32), call.cast(sizes, DType::int32, DType::float32)});
  const std::string kernel = method == "bilinear" ? "triangle" : method == "bicubic" ? "keyscubic" : method;
  return call.op("ScaleAndTranslate",
                 {x, size, scale, call.constant(tensor_of(std::vector<float>{0, 0}, {2}))},
                 {{"kernel_type", kernel}, {"antialias", call.attrs.flag("antialias")}});
}

void lower(TfCall& call) {
  const std::string method = call.attrs.text("method", "nearest");
  if (method == "nearest" && call.attrs.has("factors")) {
    Ref y = call.in(0);
    const Ints& factors = call.attrs.ints("factors");
    for (size_t i = 0; i < factors.size(); ++i) {
      if (factors[i] != 1) y = repeated(call, y, static_cast<int64_t>(i) + 1, factors[i]);
    }
    return call.out(y);
  }
  if (call.shape().rank() != 4)
    call.fail("a resize by {} of {} axes cannot be written for TensorFlow", method, call.shape().rank() - 2);
  const std::string fit = call.attrs.text("fit", "stretch");
  const Ref x = fit == "stretch" ? call.in(0) : fitted(call, fit);
  const bool antialias = call.attrs.flag("antialias") && (method == "bilinear" || method == "bicubic");
  Ref y;
  if (method.starts_with("lanczos") || antialias) {
    y = filtered(call, method, x);
  } else {
    TfAttrs attrs{{"align_corners", false}};
    if (method != "area") attrs.emplace_back("half_pixel_centers", call.attrs.flag("half_pixel", true));
    const char* name = method == "nearest"    ? "ResizeNearestNeighbor"
                       : method == "bilinear" ? "ResizeBilinear"
                       : method == "bicubic"  ? "ResizeBicubic"
                                              : "ResizeArea";
    y = call.op(name, {x, wanted_size(call)}, std::move(attrs));
  }
  // All but the nearest neighbour give float32.
  call.out(method == "nearest" ? y : call.cast(y, DType::float32, call.dtype()));
}

}  // namespace

CORNU_TF_LOWERING(resize) = {.ops = {"resize"}, .lower = lower};

}  // namespace cornu::exporting
