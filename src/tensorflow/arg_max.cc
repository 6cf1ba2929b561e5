// ArgMax, ArgMin -> argmax, argmin.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  return {call.g.op(call.def.op == "ArgMax" ? "argmax" : "argmin", {call.in.at(0)},
                    {{"axis", call.integer(1)}, {"dtype", call.def.dtype("output_type", DType::int64)}})};
}

constexpr std::string_view kNames[] = {"ArgMax", "ArgMin"};

}  // namespace

CORNU_TF_OP(arg_max) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
