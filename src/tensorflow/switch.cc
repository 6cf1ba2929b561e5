// Switch, Merge of conditions (not of loops: those are common_loop.cc). With a known choice one side is dead at once.
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

std::vector<Operand> import(ImportCall& call) {
  if (call.in.size() != 2)
    call.fail(ErrorCode::bad_file, "the node has {} inputs, 2 are needed", call.in.size());
  if (const Tensor* known = call.constant(1)) {
    std::vector<Operand> out(2, Operand{{}, {}, true, {}});
    out[to_ints(*known).at(0) != 0 ? 1 : 0] = call.in[0];
    return out;
  }
  if (call.in[0].resource && !call.in[0].resource->is_reference) return {call.in[0], call.in[0]};
  const Value x = call.value(0);
  const Value choice = call.value(1);
  dynamic::MaybeType type;
  if (call.g.typed(x)) type = call.g.graph().type(x);
  const std::vector<Value> out = call.g.dynamic_op("switch", {x, choice}, {type, type});
  return {{out[0], {}, false, out[0]}, {out[1], {}, false, out[1]}};
}

constexpr std::string_view kNames[] = {"Switch", "RefSwitch"};
constexpr std::string_view kOutputs[] = {"output_false", "output_true"};

}  // namespace

CORNU_TF_OP(switch) = {.names = kNames, .outputs = kOutputs, .import = import};

}  // namespace cornu::tensorflow
