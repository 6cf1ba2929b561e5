#include <unordered_map>

#include "layers/layer.h"

namespace cornu::layers {

#define ENTRY(unit) extern const LayerDef layer_##unit;
#include "gen/layer_table.inc"
#undef ENTRY

namespace {

#define ENTRY(unit) {#unit, &layer_##unit},
constexpr LayerEntry kLayers[] = {
#include "gen/layer_table.inc"
};
#undef ENTRY

std::unordered_map<std::string_view, const LayerDef*> index_names() {
  std::unordered_map<std::string_view, const LayerDef*> index;
  for (const LayerEntry& entry : kLayers) {
    for (std::string_view name : entry.def->keras_names) {
      if (!name.empty()) index.emplace(name, entry.def);
    }
  }
  return index;
}

}  // namespace

std::span<const LayerEntry> all_layers() {
  return kLayers;
}

const LayerDef* find_layer(std::string_view class_name) {
  static const auto index = index_names();  // immutable after the first call
  const auto found = index.find(class_name);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace cornu::layers
