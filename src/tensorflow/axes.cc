// ExpandDims, Squeeze, Transpose: the same elements with other axes.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> squeeze(NodeCall& call) {
  Ints axes = call.def.ints("squeeze_dims");
  if (axes.empty()) axes = call.def.ints("axis");
  if (axes.empty()) {
    // Every axis of size 1: which ones those are must be known.
    if (!call.shape(0).is_known()) throw NeedsValue{0};
    for (int axis = 0; axis < call.rank(0); ++axis) {
      if (call.shape(0)[axis] == 1) axes.push_back(axis);
    }
  }
  return {call.g.op("squeeze", {call.in[0]}, {{"axes", axes}})};
}

std::vector<Value> lower(NodeCall& call) {
  if (call.def.op == "Squeeze") return squeeze(call);
  if (call.def.op == "ExpandDims")
    return {call.g.op("expand_dims", {call.in[0]}, {{"axes", Ints{call.integer(1)}}})};
  return {call.g.transpose(call.in[0], call.ints(1))};
}

constexpr std::string_view kNames[] = {"ExpandDims", "Squeeze", "Transpose"};

}  // namespace

CORNU_TF_OP(axes) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
