// Pad, PadV2, MirrorPad -> pad.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  Attrs attrs{{"padding", call.ints(1)}};
  if (call.def.op == "PadV2") attrs.set("value", call.number(2));
  if (call.def.op == "MirrorPad")
    attrs.set("mode", std::string(call.def.text("mode") == "SYMMETRIC" ? "symmetric" : "reflect"));
  return {call.g.op("pad", {call.in[0]}, std::move(attrs))};
}

constexpr std::string_view kNames[] = {"Pad", "PadV2", "MirrorPad"};

}  // namespace

CORNU_TF_OP(pad) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
