// argsort and sparsemax, by TopKV2, which sorts the last axis from the largest element and keeps the order of equal ones.
#include <numeric>

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

// The permutation that swaps an axis with the last.
Ints swapped(int64_t axis, int rank) {
  Ints swap(static_cast<size_t>(rank));
  std::iota(swap.begin(), swap.end(), 0);
  std::swap(swap[static_cast<size_t>(axis < 0 ? axis + rank : axis)], swap.back());
  return swap;
}

Ref sorted(TfCall& call, const Ref& x) {
  const Ref size = call.size_of(x, call.shape().rank() - 1, call.dtype());
  return call.op("TopKV2", {x, size}, {{"sorted", true}});
}

void argsort(TfCall& call) {
  const DType type = call.dtype();
  const Ints swap = swapped(call.attrs.integer("axis", -1), call.shape().rank());
  Ref x = call.transpose(call.in(0), swap, type);
  // Turned round for rising order; the smallest integer has no negative, but every one a complement.
  if (!call.attrs.flag("descending")) x = call.op(dtype_is_floating(type) ? "Neg" : "Invert", {x});
  const Ref order = output_named(sorted(call, x), "indices");
  call.out(call.transpose(call.cast(order, DType::int32, call.out_dtype()), swap, call.out_dtype()));
}

// Formula: ops/sparsemax.cc.
void sparsemax(TfCall& call) {
  const DType type = call.dtype();
  const int rank = call.shape().rank();
  const Ints swap = swapped(call.attrs.integer("axis", -1), rank);
  const Ref x = call.transpose(call.in(0), swap, type);
  const Ref z = sorted(call, x);
  const Ref last = call.int_scalar(rank - 1);
  const Ref cumulative = call.op("Cumsum", {z, last}, {{"Tidx", type_of(DType::int32)}});
  const Ref end = call.int_op("AddV2", call.size_of(x, rank - 1, type), call.int_scalar(1));
  const Ref numbers =
      call.plain("Range", {call.int_scalar(1), end, call.int_scalar(1)}, {{"Tidx", type_of(DType::int32)}});
  const Ref one = call.scalar(1);
  const Ref mean =
      call.op("RealDiv", {call.op("Sub", {cumulative, one}), call.cast(numbers, DType::int32, type)});
  const Ref support = call.op("Greater", {z, mean});
  const auto sum = [&](const Ref& values) {
    return call.op("Sum", {values, call.ints({rank - 1})},
                   {{"Tidx", type_of(DType::int32)}, {"keep_dims", true}});
  };
  const Ref total = sum(call.op("SelectV2", {support, cumulative, call.op("ZerosLike", {cumulative})}));
  const Ref count = sum(call.cast(support, DType::boolean, type));
  const Ref threshold = call.op("RealDiv", {call.op("Sub", {total, one}), count});
  const Ref y = call.op("Relu", {call.op("Sub", {x, threshold})});
  call.out(call.transpose(y, swap, type));
}

void lower(TfCall& call) {
  call.node.op->name == "argsort" ? argsort(call) : sparsemax(call);
}

}  // namespace

CORNU_TF_LOWERING(sort) = {.ops = {"argsort", "sparsemax"}, .lower = lower};

}  // namespace cornu::exporting
