// WeightBinder: stored tensors become the weights of layers. Which tensor is whose, its callers find out.
#pragma once

#include <string>
#include <vector>

#include "import/keras_model.h"

namespace cornu::import {

// The layers at and below `layer` that own weights, in Keras's order.
std::vector<layers::LayerInstance*> owners(layers::LayerInstance& layer);

// Slots that are filled from the file's assets: text, such as a vocabulary.
bool is_asset(const layers::WeightSlot& slot);

class WeightBinder {
 public:
  // The arguments must outlive it; path is that of the file, for messages.
  WeightBinder(const std::string& path, const layers::Dialect& dialect, ir::Graph& graph)
      : path_(path), dialect_(dialect), graph_(graph) {}

  // Binds stored weights, in the file's order for this layer, to the layer's slots. Throws bad_file (another number of them),
  // bad_shape, where = "path: layer".
  void bind(layers::LayerInstance& layer, std::vector<layers::StoredWeight> stored);

  WeightBytes bytes() const { return bytes_; }

 private:
  void bind_slot(layers::WeightSlot& slot, const layers::StoredWeight& stored, const std::string& where);

  const std::string& path_;
  const layers::Dialect& dialect_;
  ir::Graph& graph_;
  WeightBytes bytes_;
};

}  // namespace cornu::import
