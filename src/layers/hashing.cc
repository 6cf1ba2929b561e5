// Hashing: the bin of each x by its FarmHash fingerprint.
// Keras   Hashing (tf.keras 2.3 on, 3)
// Input   x  [...] integers, floating point (cut to integers) or strings
// Output  y  [...] int64 in [0, num_bins), or one-hot, multi-hot, counted codes; bin 0 is for mask_value, if there is one
// Errors  bad_config if num_bins < 1; unsupported for a salt (SipHash) and sparse outputs
// Source  keras/src/layers/preprocessing/hashing.py, 3.15
#include "layers/common_categorical.h"
#include "layers/common_lookup.h"

namespace cornu::layers {
namespace {

// Where x is the config's mask_value.
Value masked(LayerCall& call, Value x) {
  GraphBuilder& g = call.g;
  const Json mask = call.config.raw({"mask_value"});
  if (g.dtype(x) != DType::string) {
    if (!mask.is_number()) call.config.fail_value("mask_value", mask, "a number, as the inputs are");
    return g.op("equal", {x, g.scalar_like(mask.number(), x)});
  }
  if (!mask.is_string()) call.config.fail_value("mask_value", mask, "a string, as the inputs are");
  const Value key = g.constant(string_tensor({std::string(mask.string())}, {1}));
  const Value found = lookup_positions(g, x, key);
  return g.op("equal", {found, g.scalar_like(0, found)});
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  if (call.config.is_set({"salt"}))
    call.fail(ErrorCode::unsupported, "Hashing with a salt, which chooses the SipHash function");
  const int64_t bins = call.config.integer({"num_bins"}, Range{1, INT32_MAX});
  refuse_sparse(call);
  const std::string mode = output_mode(call.config, "int", {"int", "one_hot", "multi_hot", "count"});
  const Value x = call.in[0];
  const bool has_mask = call.config.is_set({"mask_value"}) && bins > 1;
  const bool whole = g.dtype(x) == DType::string || dtype_is_integer(g.dtype(x));
  Value y = g.op(g.dtype(x) == DType::string ? "string_hash_bucket" : "hash_bucket",
                 {whole ? x : g.cast(x, DType::int64)}, {{"buckets", has_mask ? bins - 1 : bins}});
  if (has_mask) {
    const Value zero = g.scalar_like(0, y);
    y = g.op("select", {masked(call, x), zero, g.op("add", {y, g.scalar_like(1, y)})});
  }
  const DType stated = call.compute_dtype == DType::string ? DType::float32 : call.compute_dtype;
  const DType integer = dtype_is_integer(stated) ? stated : DType::int64;
  return {encode_categories(call, y, mode, bins, mode == "int" ? integer : stated)};
}

}  // namespace

CORNU_LAYER(hashing) = {.keras_names = {"Hashing"}, .lower = lower, .autocast = false};

}  // namespace cornu::layers
