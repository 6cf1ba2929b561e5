// Division, bounds, matrix products and sums of products.
#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

void clip(TfCall& call) {
  Ref y = call.in(0);
  if (call.attrs.has("min")) y = call.op("Maximum", {y, call.scalar(call.attrs.number("min"))});
  if (call.attrs.has("max")) y = call.op("Minimum", {y, call.scalar(call.attrs.number("max"))});
  call.out(y);
}

void matmul(TfCall& call) {
  if (!call.attrs.text("epilogue", "").empty() || !call.attrs.text("activation", "").empty())
    call.fail("a fused matrix product cannot be written for TensorFlow");
  const bool a = call.attrs.flag("transpose_a");
  const bool b = call.attrs.flag("transpose_b");
  const bool flat = call.shape(0).rank() == 2 && call.shape(1).rank() == 2;
  call.out(flat ? call.op("MatMul", {call.in(0), call.in(1)}, {{"transpose_a", a}, {"transpose_b", b}})
                : call.op("BatchMatMulV2", {call.in(0), call.in(1)}, {{"adj_x", a}, {"adj_y", b}}));
}

void lower(TfCall& call) {
  const std::string_view op = call.node.op->name;
  if (op == "clip") return clip(call);
  if (op == "matmul") return matmul(call);
  if (op == "div") {
    return call.out(
        call.op(dtype_is_floating(call.dtype()) ? "RealDiv" : "TruncateDiv", {call.in(0), call.in(1)}));
  }
  std::vector<Ref> inputs;
  for (size_t i = 0; i < call.inputs(); ++i) inputs.push_back(call.in(i));
  call.out(call.op("Einsum", std::move(inputs),
                   {{"N", static_cast<int64_t>(call.inputs())}, {"equation", call.attrs.text("equation")}}));
}

}  // namespace

CORNU_TF_LOWERING(arithmetic) = {.ops = {"clip", "matmul", "div", "einsum"}, .lower = lower};

}  // namespace cornu::exporting
