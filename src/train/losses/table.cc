#include <fmt/ranges.h>

#include "base/fail.h"
#include "train/loss.h"

namespace cornu::train {

#define ENTRY(unit) extern const LossDef loss_##unit;
#include "gen/loss_table.inc"
#undef ENTRY

std::span<const LossDef* const> all_losses() {
  static const LossDef* const losses[] = {
#define ENTRY(unit) &loss_##unit,
#include "gen/loss_table.inc"
#undef ENTRY
  };
  return losses;
}

const LossDef& find_loss(std::string_view keras_name) {
  std::vector<std::string_view> names;
  for (const LossDef* loss : all_losses()) {
    if (loss->keras_name == keras_name) return *loss;
    names.push_back(loss->keras_name);
  }
  fail(ErrorCode::unsupported, "loss", "there is no loss '{}' to train with; there are {}", keras_name,
       fmt::join(names, ", "));
}

}  // namespace cornu::train
