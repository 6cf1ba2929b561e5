// Reshape: the elements of each row under another shape; one -1 in target_shape is inferred.
// Keras   Reshape
// Input   x [batch, ...] any type
// Output  y [batch, target_shape...]
// Errors  bad_config if target_shape holds a size below 1 other than one -1, or does not fit the input
// Source  keras/src/layers/reshaping/reshape.py, 3.15
#include <algorithm>

#include "layers/layer.h"

namespace cornu::layers {
namespace {

Ints target_shape(const LayerConfig& config) {
  const Json stored = config.raw({"target_shape"});
  Ints target;
  for (const Json& item : stored.elements())
    target.push_back(item.is_integer() ? item.integer() : item.is_null() ? -1 : 0);
  const bool valid = std::all_of(target.begin(), target.end(),
                                 [](int64_t size) { return size == -1 || (size > 0 && size <= INT32_MAX); });
  if (!stored.is_array() || !valid || std::count(target.begin(), target.end(), -1) > 1 ||
      target.size() >= Shape::kMaxRank) {
    config.fail_value("target_shape", stored, "a list of positive sizes, one of which may be -1");
  }
  return target;
}

// Replaces -1 by the size that `total` elements leave for it.
void infer(const LayerConfig& config, const Shape& x, int64_t total, Ints& target) {
  __int128 rest = 1;
  for (int64_t size : target) rest = size > 0 && rest <= total ? rest * size : rest;
  const auto unknown = std::find(target.begin(), target.end(), -1);
  if (unknown != target.end() && total % rest == 0) {
    *unknown = static_cast<int64_t>(total / rest);
  } else if (unknown != target.end() || rest != total) {
    config.fail_value("target_shape", config.raw({"target_shape"}),
                      fmt::format("sizes that hold the {} elements of {}", total, x.to_string()));
  }
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const Shape& x = call.g.shape(call.in[0]);
  if (x.rank() < 1)
    call.fail(ErrorCode::bad_shape, "Reshape takes an input with a batch axis, received a scalar");
  Ints target = target_shape(call.config);
  const int64_t total = x.elements(1, x.rank());
  if (total > 0) infer(call.config, x, total, target);
  target.insert(target.begin(), 0);
  return {call.g.reshape(call.in[0], target)};
}

}  // namespace

CORNU_LAYER(reshape) = {.keras_names = {"Reshape"}, .lower = lower};

}  // namespace cornu::layers
