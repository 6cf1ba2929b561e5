#include "export/strip.h"

#include "export/json_tree.h"

namespace cornu::exporting {

std::span<const StripCategory> strip_categories() {
  static constexpr StripCategory kAll[] = {{"optimizer", "optimizer state"},
                                           {"training", "training configuration"},
                                           {"duplicates", "duplicate variables"},
                                           {"variables", "unused variables and objects"},
                                           {"functions", "training and unused functions and nodes"},
                                           {"gradients", "gradient functions"},
                                           {"debug", "debug info and node locations"},
                                           {"devices", "device strings"},
                                           {"defaults", "default-valued attributes and their definitions"},
                                           {"assets", "unused assets"}};
  return kAll;
}

void strip_training(formats::ModelFile& file, StripTally& tally) {
  tally.add("training", file.training_config.size());
  file.training_config.clear();
  const Json config = Json::parse(file.config, "config");
  if (!config["compile_config"].exists()) return;
  Tree tree = to_tree(config);
  tree.erase("compile_config");
  std::string text = to_text(tree);
  tally.add("training", file.config.size() - text.size());
  file.config = std::move(text);
}

}  // namespace cornu::exporting
