#include "export/strip.h"

#include "export/json_tree.h"

namespace cornu::exporting {

std::vector<Removed> strip_training(formats::ModelFile& file) {
  auto bytes = static_cast<int64_t>(file.training_config.size());
  file.training_config.clear();
  const Json config = Json::parse(file.config, "config");
  if (config["compile_config"].exists()) {
    Tree tree = to_tree(config);
    tree.erase("compile_config");
    std::string text = to_text(tree);
    bytes += static_cast<int64_t>(file.config.size()) - static_cast<int64_t>(text.size());
    file.config = std::move(text);
  }
  return {{"training configuration", bytes}};
}

}  // namespace cornu::exporting
