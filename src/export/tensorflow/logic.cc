// Ops on bools, choices and conversions.
#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

constexpr TfType kFloat8{25};  // DT_FLOAT8_E4M3FN

void lower(TfCall& call) {
  const std::string_view op = call.node.op->name;
  if (op == "logical_not") {
    call.out(call.plain("LogicalNot", {call.in(0)}));
  } else if (op == "logical_and") {
    call.out(call.plain("LogicalAnd", {call.in(0), call.in(1)}));
  } else if (op == "logical_or") {
    call.out(call.plain("LogicalOr", {call.in(0), call.in(1)}));
  } else if (op == "logical_xor") {
    call.out(call.op("NotEqual", {call.in(0), call.in(1)}));
  } else if (op == "select") {
    call.out(call.typed("SelectV2", call.dtype(1), {call.in(0), call.in(1), call.in(2)}));
  } else if (op == "round_float8") {
    const TfType type = type_of(call.dtype());
    const Ref rounded = call.plain("Cast", {call.in(0)}, {{"SrcT", type}, {"DstT", kFloat8}});
    call.out(call.plain("Cast", {rounded}, {{"SrcT", kFloat8}, {"DstT", type}}));
  } else {
    call.out(call.cast(call.in(0), call.dtype(), call.out_dtype()));
  }
}

}  // namespace

CORNU_TF_LOWERING(logic) = {
    .ops = {"logical_not", "logical_and", "logical_or", "logical_xor", "select", "cast", "round_float8"},
    .lower = lower};

}  // namespace cornu::exporting
