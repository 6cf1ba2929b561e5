// BatchNormWithGlobalNormalization (TensorFlow before 1.0) -> mul and add: y = (t - m) * rsqrt(v + epsilon) * gamma + beta.
// Inputs  t (batch, height, width, depth), m, v, beta, gamma (depth); gamma only with scale_after_normalization
// Source  tensorflow/core/ops/nn_ops.cc, 2.21
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  OpBuilder& g = call.g;
  const Value epsilon = g.scalar_like(call.def.number("variance_epsilon"), call.in.at(2));
  Value scale = g.op("rsqrt", {g.op("add", {call.in.at(2), epsilon})});
  if (call.def.flag("scale_after_normalization")) scale = g.op("mul", {scale, call.in.at(4)});
  const Value shift = g.op("sub", {call.in.at(3), g.op("mul", {call.in.at(1), scale})});
  return {g.op("add", {g.op("mul", {call.in.at(0), scale}), shift})};
}

constexpr std::string_view kNames[] = {"BatchNormWithGlobalNormalization"};

}  // namespace

CORNU_TF_OP(batch_norm_with_global_normalization) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
