// Reductions, softmax and layer normalisation.
#include <numeric>

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

Ref reduce(TfCall& call, std::string_view name, const Ref& x, const Ints& axes, bool keep) {
  TfAttrs attrs{{"Tidx", type_of(DType::int32)}, {"keep_dims", keep}};
  const bool of_bools = name == "All" || name == "Any";
  return of_bools ? call.plain(name, {x, call.ints(axes)}, std::move(attrs))
                  : call.op(name, {x, call.ints(axes)}, std::move(attrs));
}

std::string_view tensorflow_name(std::string_view op) {
  if (op == "reduce_sum") return "Sum";
  if (op == "reduce_mean") return "Mean";
  if (op == "reduce_max") return "Max";
  if (op == "reduce_min") return "Min";
  if (op == "reduce_prod") return "Prod";
  return op == "reduce_any" ? "Any" : "All";
}

void arg_reduce(TfCall& call) {
  const int rank = call.shape().rank();
  const int64_t axis = call.attrs.integer("axis");
  const int64_t front = axis < 0 ? axis + rank : axis;
  const bool largest = call.node.op->name == "argmax";
  const Ref y = call.op(largest ? "ArgMax" : "ArgMin", {call.in(0), call.int_scalar(front)},
                        {{"Tidx", type_of(DType::int32)}, {"output_type", type_of(call.out_dtype())}});
  call.out(call.attrs.flag("keepdims")
               ? call.typed("ExpandDims", call.out_dtype(), {y, call.int_scalar(front)},
                            {{"Tdim", type_of(DType::int32)}})
               : y);
}

// TensorFlow's op works along the last axis.
void softmax(TfCall& call) {
  const int rank = call.shape().rank();
  const int64_t given = call.attrs.integer("axis", -1);
  const int64_t axis = given < 0 ? given + rank : given;
  const std::string_view name = call.node.op->name == "softmax" ? "Softmax" : "LogSoftmax";
  if (axis == rank - 1) return call.out(call.op(name, {call.in(0)}));
  Ints swap(static_cast<size_t>(rank));
  std::iota(swap.begin(), swap.end(), 0);
  std::swap(swap[static_cast<size_t>(axis)], swap.back());
  const Ref y = call.op(name, {call.transpose(call.in(0), swap, call.dtype())});
  call.out(call.transpose(y, swap, call.dtype()));
}

void layer_norm(TfCall& call) {
  const Ints axes = axes_from_front(call.attrs, call.shape().rank());
  const Ref mean = reduce(call, "Mean", call.in(0), axes, true);
  const Ref variance = reduce(call, "Mean", call.op("SquaredDifference", {call.in(0), mean}), axes, true);
  const Ref factor =
      call.op("Rsqrt", {call.op("AddV2", {variance, call.scalar(call.attrs.number("epsilon"))})});
  Ref y = call.op("Mul", {call.op("Sub", {call.in(0), mean}), factor});
  size_t next = 1;
  if (call.attrs.flag("has_gamma")) y = call.op("Mul", {y, call.in(next++)});
  if (call.attrs.flag("has_beta")) y = call.op("AddV2", {y, call.in(next)});
  call.out(y);
}

void cumulate(TfCall& call) {
  call.out(call.op(call.node.op->name == "cumsum" ? "Cumsum" : "Cumprod",
                   {call.in(0), call.int_scalar(call.attrs.integer("axis", 0))},
                   {{"Tidx", type_of(DType::int32)},
                    {"exclusive", call.attrs.flag("exclusive")},
                    {"reverse", call.attrs.flag("reverse")}}));
}

void lower(TfCall& call) {
  const std::string_view op = call.node.op->name;
  if (op.starts_with("arg")) return arg_reduce(call);
  if (op.ends_with("softmax")) return softmax(call);
  if (op == "layer_norm") return layer_norm(call);
  if (op.starts_with("cum")) return cumulate(call);
  const Ints axes = axes_from_front(call.attrs, call.shape().rank());
  call.out(reduce(call, tensorflow_name(op), call.in(0), axes, call.attrs.flag("keepdims")));
}

}  // namespace

CORNU_TF_LOWERING(reduction) = {
    .ops = {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod", "reduce_any",
            "reduce_all", "argmax", "argmin", "softmax", "log_softmax", "layer_norm", "cumsum", "cumprod"},
    .lower = lower};

}  // namespace cornu::exporting
