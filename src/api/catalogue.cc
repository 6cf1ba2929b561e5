#include "cornu/model.h"
#include "formats/model_file.h"
#include "ir/op_def.h"
#include "kernels/table.h"
#include "layers/layer.h"

namespace cornu {

std::vector<CatalogueEntry> list_layers() {
  std::vector<CatalogueEntry> entries;
  for (const layers::LayerEntry& entry : layers::all_layers()) {
    for (std::string_view name : entry.def->keras_names) {
      if (!name.empty()) entries.push_back({std::string(name), std::string(entry.unit)});
    }
  }
  return entries;
}

std::vector<CatalogueEntry> list_ops() {
  std::vector<CatalogueEntry> entries;
  for (const ir::OpDef* op : ir::all_ops()) {
    std::string served;
    for (const KernelDef* kernel : kernels::all_kernels()) {
      if (kernel->op == op->name) served += (served.empty() ? "" : ", ") + std::string(kernel->name);
    }
    entries.push_back({std::string(op->name), served.empty() ? "reference" : served});
  }
  return entries;
}

std::vector<CatalogueEntry> list_formats() {
  std::vector<CatalogueEntry> entries;
  for (const formats::FormatDef* format : formats::all_formats())
    entries.push_back({std::string(format->name), std::string(format->description)});
  return entries;
}

}  // namespace cornu
