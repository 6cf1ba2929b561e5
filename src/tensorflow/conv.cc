// Conv2D, Conv3D, DepthwiseConv2dNative -> conv. Kernels are used as they are: a depthwise one (h, w, in, multiplier) is
// viewed as (h, w, 1, in * multiplier) with as many groups as channels.
#include "tensorflow/spatial.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  Value kernel = call.in.at(1);
  const Value x = to_channels_last(call, call.in[0]);
  Attrs attrs{{"strides", spatial_ints(call, "strides")}, {"dilations", spatial_ints(call, "dilations")}};
  set_padding(call, attrs);
  const Shape shape = call.shape(1);
  if (shape.rank() != call.rank(0))
    call.fail(ErrorCode::bad_shape, "the kernel has shape {}", shape.to_string());
  const int64_t channels = call.g.shape(x).back();
  if (call.def.op == "DepthwiseConv2dNative") {
    if (!shape.is_known()) throw NeedsValue{1};
    kernel = call.g.reshape(kernel, {shape[0], shape[1], 1, shape[2] * shape[3]});
    attrs.set("groups", shape[2]);
  } else if (shape[shape.rank() - 2] != channels) {
    // Fewer channels in the kernel than in x: groups.
    if (channels == Shape::kUnknown || shape[shape.rank() - 2] <= 0) throw NeedsValue{0};
    attrs.set("groups", channels / shape[shape.rank() - 2]);
  }
  return {from_channels_last(call, call.g.op("conv", {x, kernel}, std::move(attrs)))};
}

constexpr std::string_view kNames[] = {"Conv2D", "Conv3D", "DepthwiseConv2dNative"};

}  // namespace

CORNU_TF_OP(conv) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
