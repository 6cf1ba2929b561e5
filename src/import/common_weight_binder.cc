#include "import/weight_binder.h"

#include "base/fail.h"

namespace cornu::import {
namespace {

using layers::LayerInstance;
using layers::StoredWeight;
using layers::WeightSlot;

void collect(LayerInstance& layer, std::vector<LayerInstance*>& out) {
  if (!layer.weights.empty()) out.push_back(&layer);
  for (const auto& child : layer.children) collect(*child, out);
}

Tensor converted(const Tensor& tensor, DType to, const std::string& where) {
  if (tensor.dtype == DType::string || to == DType::string || tensor.dtype >= DType::complex64) {
    fail(ErrorCode::bad_file, where, "a weight is stored as {}, the layer needs {}", dtype_name(tensor.dtype),
         dtype_name(to));
  }
  return cast_tensor(tensor, to);
}

}  // namespace

std::vector<LayerInstance*> owners(LayerInstance& layer) {
  std::vector<LayerInstance*> out;
  collect(layer, out);
  return out;
}

bool is_asset(const WeightSlot& slot) {
  return slot.name.ends_with(".txt");
}

void WeightBinder::bind(LayerInstance& layer, std::vector<StoredWeight> stored) {
  const std::string where = path_ + ": " + layer.name;
  if (layer.def.from_legacy != nullptr) {
    layers::LegacyWeights legacy{layer, dialect_, stored};
    try {
      layer.def.from_legacy(legacy);
    } catch (const Error& error) {
      throw error.within(where);
    }
  }
  if (stored.size() != layer.weights.size()) {
    fail(ErrorCode::bad_file, where, "the file has {} weights for the layer, {} needs {}", stored.size(),
         layer.class_name, layer.weights.size());
  }
  for (size_t i = 0; i < stored.size(); ++i) bind_slot(layer.weights[i], stored[i], where);
}

void WeightBinder::bind_slot(WeightSlot& slot, const StoredWeight& stored, const std::string& where) {
  if (is_asset(slot)) slot.shape = stored.tensor.shape;
  if (!(stored.tensor.shape == slot.shape)) {
    fail(ErrorCode::bad_shape, where, "{} ({}) has shape {} in the file, the layer needs {}", slot.name,
         stored.name, stored.tensor.shape.to_string(), slot.shape.to_string());
  }
  const DType wanted = graph_.type(slot.value).dtype;
  Tensor tensor = stored.tensor;
  if (tensor.dtype != wanted) tensor = converted(tensor, wanted, where);
  if (!is_asset(slot)) bytes_.total += stored.tensor.size_bytes();
  if (tensor.in_place) bytes_.in_place += tensor.size_bytes();
  slot.origin = stored.name;
  graph_.make_constant(slot.value, std::move(tensor));
}

}  // namespace cornu::import
