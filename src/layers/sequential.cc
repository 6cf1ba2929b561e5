// Sequential: each layer takes what the one before gave.
// Keras   Sequential, all versions; `config` is the list of layers itself up to Keras 2.2.2
// A first `Merge` layer of Keras 1 holds whole branches, each with inputs of its own.
// Source  keras/src/models/sequential.py, 3.15; keras/legacy/layers.py, 1.2.2 (Merge)
#include "layers/layer.h"
#include "layers/model_config.h"

namespace cornu::layers {
namespace {

CallArguments as_arguments(const std::vector<Value>& values, const std::vector<Value>& masks) {
  CallArguments arguments;
  for (size_t i = 0; i < values.size(); ++i) {
    arguments.positional.push_back(
        {Argument::Kind::tensor, values[i], i < masks.size() ? masks[i] : Value{}, {}, {}, {}});
  }
  return arguments;
}

// The branches of a Keras 1 Merge, each fed its share of the inputs.
CallResult call_branches(LayerCall& call, LayerInstance& merge) {
  const auto branches = merge.config.raw({"layers"}).elements();
  CallResult all;
  size_t next = 0;
  for (size_t i = 0; i < branches.size(); ++i) {
    if (merge.children.size() == i) merge.children.push_back(make_instance(branches[i], &merge, "layers"));
    const size_t count = model_inputs(branches[i]).size();
    if (next + count > call.in.size())
      call.fail(ErrorCode::bad_shape, "the branches of {} need more than {} inputs", merge.name,
                call.in.size());
    const std::vector<Value> part(call.in.begin() + static_cast<long>(next),
                                  call.in.begin() + static_cast<long>(next + count));
    next += count;
    CallResult result = call_layer(*merge.children[i], as_arguments(part, {}), call.dialect, call.g);
    for (size_t k = 0; k < result.out.size(); ++k) {
      all.out.push_back(result.out[k]);
      all.masks.push_back(result.masks[k]);
    }
  }
  return all;
}

std::vector<Value> lower(LayerCall& call) {
  const auto layers = sequential_layers(call.config.json()).elements();
  call.config.raw({"layers", "build_input_shape"});
  CallResult flow{call.in, call.masks};
  for (size_t i = 0; i < layers.size(); ++i) {
    if (call.layer.children.size() == i)
      call.layer.children.push_back(make_instance(layers[i], &call.layer, "layers"));
    LayerInstance& layer = *call.layer.children[i];
    if (i == 0 && layer.class_name == "Merge" && layer.config.json()["layers"].is_array())
      flow = call_branches(call, layer);
    flow = call_layer(layer, as_arguments(flow.out, flow.masks), call.dialect, call.g);
  }
  call.out_masks = flow.masks;
  return flow.out;
}

}  // namespace

CORNU_LAYER(sequential) = {.keras_names = {"Sequential"}, .lower = lower};

}  // namespace cornu::layers
