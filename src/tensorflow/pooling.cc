// MaxPool, MaxPoolV2, MaxPool3D, AvgPool, AvgPool3D -> max_pool, avg_pool.
#include "tensorflow/spatial.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  const Value x = to_channels_last(call, call.in.at(0));
  Attrs attrs;
  if (call.def.op == "MaxPoolV2") {
    const Ints window = call.ints(1);
    const Ints strides = call.ints(2);
    if (window.size() != 4 || strides.size() != 4)
      call.fail(ErrorCode::bad_shape, "ksize has {} entries", window.size());
    const size_t first = channels_first(call) ? 2 : 1;
    attrs.set("window", Ints{window[first], window[first + 1]});
    attrs.set("strides", Ints{strides[first], strides[first + 1]});
  } else {
    attrs.set("window", spatial_ints(call, "ksize"));
    attrs.set("strides", spatial_ints(call, "strides"));
  }
  set_padding(call, attrs);
  const bool is_max = call.def.op.starts_with("Max");
  return {from_channels_last(call, call.g.op(is_max ? "max_pool" : "avg_pool", {x}, std::move(attrs)))};
}

constexpr std::string_view kNames[] = {"MaxPool", "MaxPoolV2", "MaxPool3D", "AvgPool", "AvgPool3D"};

}  // namespace

CORNU_TF_OP(pooling) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
