// ImportScope: what one import keeps beside the layer tree: the caller's custom objects, and shapes for inspection.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cornu/custom.h"
#include "layers/layer.h"
#include "layers/training.h"

namespace cornu::layers {

// The scope of the import that runs on this thread; the innermost one, where a custom object imports a model itself.
// make_instance and call_layer work with or without one.
class ImportScope {
 public:
  // `custom_objects` must outlive the scope; null: none.
  explicit ImportScope(const CustomObjects* custom_objects);
  ~ImportScope();
  ImportScope(const ImportScope&) = delete;
  ImportScope& operator=(const ImportScope&) = delete;
  static ImportScope* current();  // null outside of an import

  // The caller's object of a name; null if there is none. `config`: see CustomRequest.
  static std::shared_ptr<CustomLayer> find(std::string_view name, const Json& config,
                                           const std::string& layer);

  // Sizes of the tensors of a layer's first call.
  struct Shapes {
    std::vector<std::vector<int64_t>> in;
    std::vector<std::vector<int64_t>> out;
  };
  std::unordered_map<const LayerInstance*, Shapes> shapes;
  std::unordered_map<const LayerInstance*, std::shared_ptr<CustomLayer>> custom_layers;
  // What stateful layers keep from one run to the next, in the order of their first calls.
  struct State {
    const LayerInstance* layer;
    Value initial;  // an input of the graph, behind those of the model
    Value last;     // what the layer's last call in the graph leaves
  };
  std::vector<State> states;
  // Layers whose serialized form tells the shape that they were built for: Keras 3 builds them alone when it reads them, so
  // that the paths of their weights begin with them.
  std::unordered_set<const LayerInstance*> built_alone;
  // Where Keras 3 stores the weights of custom layers, below the layer's own folder; of those that tell.
  std::unordered_map<const LayerInstance*, std::vector<std::string>> weight_paths;
  // Every call in the graph: nodes hold the address only, so these must live as long as the graph.
  std::vector<std::shared_ptr<const CustomCall>> calls;
  std::optional<Training> training;  // set while a training step is built

 private:
  const CustomObjects* custom_objects_;
  ImportScope* outer_;
};

// Runs the caller's layer or function on the arguments of a call, with the weights that it asks for.
std::vector<Value> call_custom(LayerCall& call, CustomLayer& object);
// The same for a function of one tensor.
Value call_custom(GraphBuilder& g, CustomLayer& object, Value x);

}  // namespace cornu::layers
