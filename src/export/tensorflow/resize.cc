// Resampling: whole factors of the nearest element for any number of axes, the image ops for two.
#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

Ref size_of(TfCall& call, const Ref& x, int64_t axis) {
  const Ref sizes = call.op("Shape", {x}, {{"out_type", type_of(DType::int32)}});
  return call.typed("StridedSlice", DType::int32,
                    {sizes, call.ints({axis}), call.ints({axis + 1}), call.ints({1})},
                    {{"Index", type_of(DType::int32)}, {"shrink_axis_mask", int64_t{1}}});
}

// Each element `factor` times along an axis.
Ref repeated(TfCall& call, const Ref& x, int64_t axis, int64_t factor) {
  const Ref total = call.typed("Mul", DType::int32, {size_of(call, x, axis), call.int_scalar(factor)});
  const Ref all =
      call.plain("Range", {call.int_scalar(0), total, call.int_scalar(1)}, {{"Tidx", type_of(DType::int32)}});
  const Ref indices = call.typed("FloorDiv", DType::int32, {all, call.int_scalar(factor)});
  return call.plain("GatherV2", {x, indices, call.int_scalar(axis)},
                    {{"Tparams", type_of(call.dtype())},
                     {"Tindices", type_of(DType::int32)},
                     {"Taxis", type_of(DType::int32)},
                     {"batch_dims", int64_t{0}}});
}

Ref wanted_size(TfCall& call) {
  if (call.attrs.has("size")) return call.ints(call.attrs.ints("size"));
  const Ints& factors = call.attrs.ints("factors");
  std::vector<Ref> sizes;
  for (size_t i = 0; i < factors.size(); ++i) {
    const Ref size = size_of(call, call.in(0), static_cast<int64_t>(i) + 1);
    sizes.push_back(call.typed("Mul", DType::int32, {size, call.int_scalar(factors[i])}));
  }
  const auto count = static_cast<int64_t>(sizes.size());
  return call.typed("Pack", DType::int32, std::move(sizes), {{"N", count}, {"axis", int64_t{0}}});
}

void lower(TfCall& call) {
  const std::string method = call.attrs.text("method", "nearest");
  if (method == "nearest" && call.attrs.has("factors")) {
    Ref y = call.in(0);
    const Ints& factors = call.attrs.ints("factors");
    for (size_t i = 0; i < factors.size(); ++i) {
      if (factors[i] != 1) y = repeated(call, y, static_cast<int64_t>(i) + 1, factors[i]);
    }
    return call.out(factors.empty() ? y : call.op("Identity", {y}));
  }
  const char* name = method == "nearest"    ? "ResizeNearestNeighbor"
                     : method == "bilinear" ? "ResizeBilinear"
                     : method == "bicubic"  ? "ResizeBicubic"
                     : method == "area"     ? "ResizeArea"
                                            : nullptr;
  if (name == nullptr || call.shape().rank() != 4 || call.attrs.flag("antialias"))
    call.fail("a resize by {} of {} axes cannot be written for TensorFlow", method, call.shape().rank() - 2);
  TfAttrs attrs{{"align_corners", false}};
  if (method != "area") attrs.emplace_back("half_pixel_centers", call.attrs.flag("half_pixel", true));
  const Ref y = call.op(name, {call.in(0), wanted_size(call)}, std::move(attrs));
  // All but the nearest neighbour give float32.
  const bool cast = method != "nearest" && call.dtype() != DType::float32;
  call.out(cast
               ? call.plain("Cast", {y}, {{"SrcT", type_of(DType::float32)}, {"DstT", type_of(call.dtype())}})
               : y);
}

}  // namespace

CORNU_TF_LOWERING(resize) = {.ops = {"resize"}, .lower = lower};

}  // namespace cornu::exporting
