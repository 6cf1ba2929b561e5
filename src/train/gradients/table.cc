#include <algorithm>

#include "train/gradient.h"

namespace cornu::train {

#define ENTRY(unit) extern const std::vector<GradientDef> gradients_##unit;
#include "gen/gradient_table.inc"
#undef ENTRY

std::vector<GradientDef> all_gradients() {
  std::vector<GradientDef> all;
  for (const std::vector<GradientDef>* part : {
#define ENTRY(unit) &gradients_##unit,
#include "gen/gradient_table.inc"
#undef ENTRY
       })
    all.insert(all.end(), part->begin(), part->end());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.op < b.op; });
  return all;
}

const GradientDef* find_gradient(std::string_view op) {
  static const std::vector<GradientDef> all = all_gradients();
  const auto found =
      std::lower_bound(all.begin(), all.end(), op, [](const auto& def, auto name) { return def.op < name; });
  return found != all.end() && found->op == op ? &*found : nullptr;
}

}  // namespace cornu::train
