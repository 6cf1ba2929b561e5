// Merge of the sides of a condition -> op `merge`, or the only side that is not dead.
#include <algorithm>

#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

std::vector<Operand> import(ImportCall& call) {
  const auto alive = std::count_if(call.in.begin(), call.in.end(), [](const Operand& o) { return !o.dead; });
  if (alive == 0) return std::vector<Operand>(2, Operand{{}, {}, true, {}});
  OpBuilder& g = call.g;
  if (alive == 1 && call.in.size() > 1) {
    const auto found = std::find_if(call.in.begin(), call.in.end(), [](const Operand& o) { return !o.dead; });
    return {*found, {g.scalar(static_cast<double>(found - call.in.begin()), DType::int32), {}, false, {}}};
  }
  std::vector<Value> values;
  std::vector<dynamic::MaybeType> types;
  for (size_t i = 0; i < call.in.size(); ++i) {
    const Value x = call.value(i);
    types.push_back(g.typed(x) ? dynamic::MaybeType(g.graph().type(x)) : std::nullopt);
    const Value gate = call.in[i].gate;
    values.push_back(gate.valid() && gate != x ? g.dynamic_op("gate", {x, gate}, {types[i]})[0] : x);
  }
  const bool same =
      std::all_of(types.begin(), types.end(), [&](const auto& type) { return type == types[0]; });
  const std::vector<Value> out = g.dynamic_op("merge", std::move(values),
                                              {same ? types[0] : std::nullopt, TensorType{DType::int32, {}}});
  return {{out[0], {}, false, out[0]}, {out[1], {}, false, out[0]}};
}

constexpr std::string_view kNames[] = {"Merge", "RefMerge"};
constexpr std::string_view kOutputs[] = {"output", "value_index"};

}  // namespace

CORNU_TF_OP(merge) = {.names = kNames, .outputs = kOutputs, .import = import};

}  // namespace cornu::tensorflow
