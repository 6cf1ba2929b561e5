// ConcatV2, Concat -> concat; Pack -> expand_dims and concat.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> pack(NodeCall& call) {
  const int64_t axis = call.def.integer("axis", 0);
  std::vector<Value> parts;
  for (Value x : call.in) parts.push_back(call.g.op("expand_dims", {x}, {{"axes", Ints{axis}}}));
  if (parts.size() == 1) return parts;
  return {call.g.op("concat", std::move(parts), {{"axis", axis}})};
}

std::vector<Value> lower(NodeCall& call) {
  if (call.in.empty()) call.fail(ErrorCode::bad_file, "the node has no inputs");
  if (call.def.op == "Pack") return pack(call);
  const size_t axis_input = call.def.op == "Concat" ? 0 : call.in.size() - 1;
  const int64_t axis = call.integer(axis_input);
  std::vector<Value> parts = call.in;
  parts.erase(parts.begin() + static_cast<ptrdiff_t>(axis_input));
  if (parts.size() == 1) return {call.g.op("identity", {parts[0]})};
  return {call.g.op("concat", std::move(parts), {{"axis", axis}})};
}

constexpr std::string_view kNames[] = {"ConcatV2", "Concat", "Pack"};

}  // namespace

CORNU_TF_OP(concat) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
