// MatMul, BatchMatMul, BatchMatMulV2, BatchMatMulV3 -> matmul.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  const bool batch = call.def.op != "MatMul";
  const bool a = call.def.flag(batch ? "adj_x" : "transpose_a");
  const bool b = call.def.flag(batch ? "adj_y" : "transpose_b");
  return {call.g.op("matmul", {call.in.at(0), call.in.at(1)}, {{"transpose_a", a}, {"transpose_b", b}})};
}

constexpr std::string_view kNames[] = {"MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"};

}  // namespace

CORNU_TF_OP(matmul) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
