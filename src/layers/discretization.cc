// Discretization: the number of the bin that each x lies in: how many of the boundaries are not above it.
// Keras   Discretization (tf.keras 2.3 on, 3; bins before 2.6)
// Input   x  [...] real numbers
// Output  y  [...] int32 (tf.keras int64), or one-hot, multi-hot, counted codes of the bins in the layer's dtype
// Errors  bad_config if the boundaries are missing (the layer was not adapted) or no list of numbers
// Source  keras/src/layers/preprocessing/discretization.py, 3.15
#include "layers/common_categorical.h"
#include "layers/common_layout.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  const LayerConfig& config = call.config;
  config.raw({"num_bins", "epsilon"});  // of adapting
  const std::string_view key = config.has({"bin_boundaries"}) ? "bin_boundaries" : "bins";
  if (!config.is_set({"bin_boundaries", "bins"})) {
    config.fail_value("bin_boundaries", config.raw({"bin_boundaries"}),
                      "a list of numbers: the layer was saved before it was adapted");
  }
  const Value x = call.in[0];
  const DType type = g.dtype(x) == DType::float32 ? DType::float32 : DType::float64;
  const Tensor boundaries = numbers_of(config, key, type);
  if (boundaries.shape.rank() != 1) config.fail_value(key, config.raw({key}), "a list of numbers");
  const int64_t bins = boundaries.shape[0] + 1;
  const Value index = g.op("searchsorted", {g.constant(boundaries), g.cast(x, type)}, {{"right", true}});
  refuse_sparse(call);
  const std::string mode = output_mode(call.config, "int", {"int", "one_hot", "multi_hot", "count"});
  const DType integer = call.dialect.keras_major >= 3 ? DType::int32 : DType::int64;
  const DType floating = dtype_is_floating(call.compute_dtype) ? call.compute_dtype : DType::float32;
  return {encode_categories(call, index, mode, bins, mode == "int" ? integer : floating)};
}

}  // namespace

CORNU_LAYER(discretization) = {.keras_names = {"Discretization"}, .lower = lower};

}  // namespace cornu::layers
