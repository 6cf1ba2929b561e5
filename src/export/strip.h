// What a model file holds beyond what loading and predicting needs.
#pragma once

#include <string>
#include <vector>

#include "formats/model_file.h"

namespace cornu::exporting {

struct Removed {
  std::string what;  // "training configuration"
  int64_t bytes = 0;
};

// Takes training settings out of a Keras file's content as its reader gave it; configs and weights keep their dialect, order and
// names. The optimizer's state is not in it: readers leave that out.
// Returns what was removed, with bytes. Throws bad_config.
std::vector<Removed> strip_training(formats::ModelFile& file);

}  // namespace cornu::exporting
