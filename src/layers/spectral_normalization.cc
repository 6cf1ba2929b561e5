// SpectralNormalization: a layer whose kernel is divided by its spectral norm while training; when predicting, the layer.
// Keras   SpectralNormalization (tf.keras 2.13 on, 3)
// Config  layer: serialized, one with a kernel or embeddings
// Input   the layer's      Output  the layer's, in the type of the input
// Weights the layer's, then vector_u (1, last size of the kernel), which only training uses
// Errors  bad_config if power_iterations < 1 or the layer has no kernel; what the layer throws
// Source  keras/src/layers/normalization/spectral_normalization.py, 3.15
#include <algorithm>

#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.config.integer({"power_iterations"}, 1, at_least(1));
  call.expect_inputs(1);
  LayerInstance& layer = call.child("layer", call.config.raw({"layer"}));
  std::vector<Value> out = call.call_child(layer, call.in, call.masks);
  const auto kernel = std::find_if(layer.weights.begin(), layer.weights.end(), [](const WeightSlot& slot) {
    return slot.name == "kernel" || slot.name == "embeddings";
  });
  if (kernel == layer.weights.end())
    call.config.fail_value("layer", call.config.raw({"layer"})["class_name"], "a layer with a kernel");
  call.variable("vector_u", {1, kernel->shape.back()}, false);
  const DType type = call.g.dtype(call.in[0]);
  for (Value& y : out) {
    if (call.dialect.keras_major >= 3) y = call.g.cast(y, type);
  }
  return out;
}

// Keras 3 stores the kernel of the layer inside a second time.
void from_legacy(LegacyWeights& weights) {
  if (weights.stored.size() == 2) weights.stored.erase(weights.stored.begin());
}

}  // namespace

CORNU_LAYER(spectral_normalization) = {.keras_names = {"SpectralNormalization"},
                                       .lower = lower,
                                       .supports_masking = true,
                                       .from_legacy = from_legacy};

}  // namespace cornu::layers
