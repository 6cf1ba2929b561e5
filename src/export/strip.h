// What a model file holds beyond what loading and predicting needs.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/model_file.h"

namespace cornu::exporting {

struct StripCategory {
  std::string_view name;         // "optimizer": what options take
  std::string_view description;  // "optimizer state"
};
// All that can be removed, in the order of reports.
std::span<const StripCategory> strip_categories();

struct StripOptions {
  std::set<std::string, std::less<>> keep;  // names of categories

  bool removes(std::string_view category) const { return !keep.contains(category); }
};

// Bytes that were removed, by category.
struct StripTally {
  std::map<std::string, int64_t, std::less<>> bytes;

  void add(std::string_view category, size_t count) {
    bytes[std::string(category)] += static_cast<int64_t>(count);
  }
};

// Takes training settings out of a Keras file's content as its reader gave it; configs and weights keep their dialect, order and
// names. The optimizer's state is not in it: readers leave that out. Throws bad_config.
void strip_training(formats::ModelFile& file, StripTally& tally);

}  // namespace cornu::exporting
