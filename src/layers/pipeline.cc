// Pipeline: preprocessing layers one after the other.
// Keras   Pipeline (3)
// Config  layers: serialized
// Input   the first layer's      Output  the last layer's      Weights  the layers'
// Errors  what the layers throw
// Source  keras/src/layers/preprocessing/pipeline.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  const auto layers = call.config.raw({"layers"}).elements();
  std::vector<Value> values = call.in;
  for (size_t i = 0; i < layers.size(); ++i) {
    if (call.layer.children.size() == i)
      call.layer.children.push_back(make_instance(layers[i], &call.layer, "layers"));
    values = call.call_child(*call.layer.children[i], values);
  }
  return values;
}

}  // namespace

CORNU_LAYER(pipeline) = {.keras_names = {"Pipeline"}, .lower = lower};

}  // namespace cornu::layers
