// Cast -> cast.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  return {call.g.cast(call.in.at(0), call.def.dtype("DstT"))};
}

constexpr std::string_view kNames[] = {"Cast"};

}  // namespace

CORNU_TF_OP(cast) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
