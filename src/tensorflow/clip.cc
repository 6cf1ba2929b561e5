// Relu6, ClipByValue, LeakyRelu.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  const Value x = call.in.at(0);
  if (call.def.op == "Relu6") return {call.g.op("clip", {x}, {{"min", 0.0}, {"max", 6.0}})};
  if (call.def.op == "LeakyRelu")
    return {call.g.op("leaky_relu", {x}, {{"slope", call.def.number("alpha", 0.2)}})};
  return {call.g.op("maximum", {call.g.op("minimum", {x, call.in.at(2)}), call.in.at(1)})};
}

constexpr std::string_view kNames[] = {"Relu6", "ClipByValue", "LeakyRelu"};

}  // namespace

CORNU_TF_OP(clip) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
