// FusedBatchNorm, V2, V3 -> mul and add, with scale and shift made of the small vectors; the passes move both into the
// convolution before. With is_training the mean and variance are those of x.
// Outputs y, batch_mean, batch_variance, reserve_space_1, ... : while predicting the second and third are the given ones.
#include <numeric>

#include "tensorflow/spatial.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  OpBuilder& g = call.g;
  const double epsilon = call.def.number("epsilon", 1e-4);
  const DType compute = call.dtype(1);
  Value x = g.cast(call.in.at(0), compute);
  const Value gamma = call.in.at(1);
  const Value beta = call.in.at(2);
  Value mean = call.in.at(3);
  Value variance = call.in.at(4);
  Value unbiased = variance;
  const int channel = channels_first(call) ? 1 : call.rank(0) - 1;
  if (call.def.flag("is_training", true)) {
    Ints axes;
    for (int axis = 0; axis < call.rank(0); ++axis) {
      if (axis != channel) axes.push_back(axis);
    }
    if (!call.shape(0).is_known()) throw NeedsValue{0};
    const Value kept = g.op("reduce_mean", {x}, {{"axes", axes}, {"keepdims", true}});
    mean = g.op("reduce_mean", {x}, {{"axes", axes}});
    variance = g.op("reduce_mean", {g.op("squared_difference", {x, kept})}, {{"axes", axes}});
    const int64_t count = call.shape(0).elements() / std::max<int64_t>(call.shape(0)[channel], 1);
    const double factor = count > 1 ? static_cast<double>(count) / static_cast<double>(count - 1) : 1;
    unbiased = g.op("mul", {variance, g.scalar_like(factor, variance)});
  }
  Value scale = g.op("rsqrt", {g.op("add", {variance, g.scalar_like(epsilon, variance)})});
  scale = g.op("mul", {scale, gamma});
  Value shift = g.op("sub", {beta, g.op("mul", {mean, scale})});
  if (channel != call.rank(0) - 1) {
    Ints dims(static_cast<size_t>(call.rank(0) - 1), 1);
    dims[0] = -1;
    scale = g.reshape(scale, dims);
    shift = g.reshape(shift, dims);
  }
  const Value y = g.cast(g.op("add", {g.op("mul", {x, scale}), shift}), call.dtype(0));
  return {y, mean, unbiased, mean, variance, g.scalar(0, compute)};
}

constexpr std::string_view kNames[] = {"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"};
constexpr std::string_view kOutputs[] = {
    "y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"};

}  // namespace

CORNU_TF_OP(fused_batch_norm) = {.names = kNames, .outputs = kOutputs, .lower = lower};

}  // namespace cornu::tensorflow
