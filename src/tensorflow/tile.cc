// Tile -> tile; BroadcastTo -> broadcast_to.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> broadcast(NodeCall& call) {
  const Ints sizes = call.ints(1);
  for (int64_t size : sizes) {
    // broadcast_to keeps an axis whose size is given as 0.
    if (size == 0 && call.shape(0).elements() != 0) {
      const Value none = call.g.op("slice_axis", {call.g.reshape(call.in[0], {-1})},
                                   {{"axis", int64_t{0}}, {"begin", int64_t{0}}, {"size", int64_t{0}}});
      return {call.g.op("reshape", {none}, {{"shape", sizes}, {"allow_zero", true}})};
    }
  }
  return {call.g.op("broadcast_to", {call.in[0]}, {{"shape", sizes}})};
}

std::vector<Value> lower(NodeCall& call) {
  if (call.def.op == "BroadcastTo") return broadcast(call);
  return {call.g.op("tile", {call.in.at(0)}, {{"multiples", call.ints(1)}})};
}

constexpr std::string_view kNames[] = {"Tile", "BroadcastTo"};

}  // namespace

CORNU_TF_OP(tile) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
