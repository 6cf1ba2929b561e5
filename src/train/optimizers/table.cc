#include <fmt/ranges.h>

#include "base/fail.h"
#include "train/optimizer.h"

namespace cornu::train {

#define ENTRY(unit) extern const OptimizerDef optimizer_##unit;
#include "gen/optimizer_table.inc"
#undef ENTRY

std::span<const OptimizerDef* const> all_optimizers() {
  static const OptimizerDef* const optimizers[] = {
#define ENTRY(unit) &optimizer_##unit,
#include "gen/optimizer_table.inc"
#undef ENTRY
  };
  return optimizers;
}

const OptimizerDef& find_optimizer(std::string_view keras_name) {
  std::vector<std::string_view> names;
  for (const OptimizerDef* optimizer : all_optimizers()) {
    if (optimizer->keras_name == keras_name) return *optimizer;
    names.push_back(optimizer->keras_name);
  }
  fail(ErrorCode::unsupported, "optimizer", "there is no optimizer '{}' to train with; there are {}",
       keras_name, fmt::join(names, ", "));
}

}  // namespace cornu::train
