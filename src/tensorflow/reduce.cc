// Sum, Mean, Max, Min, Prod, Any, All -> reduce_*; EuclideanNorm -> the root of a sum. The axes are the second input.
#include <array>

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

struct Row {
  std::string_view tensorflow;
  std::string_view op;
};
constexpr std::array<Row, 7> kRows = {{{"Sum", "reduce_sum"},
                                       {"Mean", "reduce_mean"},
                                       {"Max", "reduce_max"},
                                       {"Min", "reduce_min"},
                                       {"Prod", "reduce_prod"},
                                       {"Any", "reduce_any"},
                                       {"All", "reduce_all"}}};

std::vector<Value> lower(NodeCall& call) {
  if (call.def.op == "EuclideanNorm") {
    const Value squares = call.g.op("square", {call.in.at(0)});
    const Attrs attrs{{"axes", call.ints(1)}, {"keepdims", call.def.flag("keep_dims")}};
    return {call.g.op("sqrt", {call.g.op("reduce_sum", {squares}, attrs)})};
  }
  std::string_view op;
  for (const Row& row : kRows) {
    if (row.tensorflow == call.def.op) op = row.op;
  }
  return {call.g.op(op, {call.in.at(0)}, {{"axes", call.ints(1)}, {"keepdims", call.def.flag("keep_dims")}})};
}

constexpr std::string_view kNames[] = {"Sum", "Mean", "Max", "Min", "Prod", "Any", "All", "EuclideanNorm"};

}  // namespace

CORNU_TF_OP(reduce) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
