// Dense: y = activation(x . kernel + bias) over the last axis.
// Keras   Dense, all versions (Keras 1: output_dim, bias; TimeDistributedDense)
// Input   x  [..., channels]      Output  y  [..., units]      Weights  kernel (channels, units), bias (units,); those of
//         the quantised modes and of LoRA adapters, see quantized.h
// Errors  bad_config if units < 1; bad_shape if the last axis is unknown or x is a scalar per row
// Source  keras/src/layers/core/dense.py, 3.15
#include "layers/quantized.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  const int64_t units = call.config.integer({"units", "output_dim"}, Range{1, 2147483647});
  const Shape& shape = g.shape(call.in[0]);
  if (shape.rank() < 2)
    call.fail(ErrorCode::bad_shape, "Dense takes an input of at least 2 axes, received {}",
              shape.to_string());
  KernelUse use;
  use.kernel = {shape.back(), units};
  use.rows = shape.back();
  use.scale = {units};
  use.contracted = {-1};
  use.product = [&g](Value x, Value kernel) { return g.op("matmul", {x, kernel}); };
  use.align = [](Value scale) { return scale; };
  const bool has_bias = call.config.flag({"use_bias", "bias"}, true);
  const Value y =
      product_with_kernel(call, call.in[0], use, has_bias ? std::optional(Shape{units}) : std::nullopt);
  return {call.activate(y)};
}

}  // namespace

CORNU_LAYER(dense) = {.keras_names = {"Dense", "TimeDistributedDense"},
                      .lower = lower,
                      .supports_masking = true,
                      .from_legacy = quantized_from_legacy};

}  // namespace cornu::layers
