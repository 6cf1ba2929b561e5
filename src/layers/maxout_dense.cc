// MaxoutDense: y = the largest over features of x . W[feature] + b[feature].
// Keras   MaxoutDense (1 only)
// Input   x  [batch, channels]      Output  y  [batch, output_dim]
// Weights W (nb_feature, channels, output_dim), b (nb_feature, output_dim) unless `bias` is false
// Errors  bad_config if output_dim or nb_feature < 1; bad_shape unless x has two axes
// Source  keras/layers/core.py, class MaxoutDense, 1.2.2
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  call.expect_rank(2);
  GraphBuilder& g = call.g;
  constexpr Range kSize{1, 2147483647};
  const int64_t units = call.config.integer({"output_dim"}, kSize);
  const int64_t features = call.config.integer({"nb_feature"}, 4, kSize);
  const int64_t channels = g.shape(call.in[0]).back();
  const Value kernel = call.weight("W", {features, channels, units});
  Value y = g.op("matmul", {g.op("expand_dims", {call.in[0]}, {{"axes", Ints{0}}}),
                            kernel});  // [features, batch, units]
  if (call.config.flag({"bias"}, true)) {
    const Value bias = call.weight("b", {features, units});
    y = g.op("add", {y, g.reshape(bias, {features, 1, units})});
  }
  return {g.op("reduce_max", {y}, {{"axes", Ints{0}}})};
}

}  // namespace

CORNU_LAYER(maxout_dense) = {.keras_names = {"MaxoutDense"}, .lower = lower};

}  // namespace cornu::layers
