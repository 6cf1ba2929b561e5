// MatMul, BatchMatMul, BatchMatMulV2, BatchMatMulV3 -> matmul. Integers are multiplied in float64, exact up to 2^53.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  const bool batch = call.def.op != "MatMul";
  const bool a = call.def.flag(batch ? "adj_x" : "transpose_a");
  const bool b = call.def.flag(batch ? "adj_y" : "transpose_b");
  const DType dtype = call.g.dtype(call.in.at(0));
  const DType computed = dtype_is_integer(dtype) ? DType::float64 : dtype;
  const Value product =
      call.g.op("matmul", {call.g.cast(call.in.at(0), computed), call.g.cast(call.in.at(1), computed)},
                {{"transpose_a", a}, {"transpose_b", b}});
  return {call.g.cast(product, dtype)};
}

constexpr std::string_view kNames[] = {"MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"};

}  // namespace

CORNU_TF_OP(matmul) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
