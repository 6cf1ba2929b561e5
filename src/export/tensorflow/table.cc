// Each file of this folder defines one `const TfLowering tf_lowering_<file>`.
#include <algorithm>

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {

#define ENTRY(unit) extern const TfLowering tf_lowering_##unit;
#include "gen/tf_lowering_table.inc"
#undef ENTRY

const TfLowering* find_lowering(std::string_view op) {
  static constexpr const TfLowering* kAll[] = {
#define ENTRY(unit) &tf_lowering_##unit,
#include "gen/tf_lowering_table.inc"
#undef ENTRY
  };
  for (const TfLowering* lowering : kAll) {
    if (std::find(lowering->ops.begin(), lowering->ops.end(), op) != lowering->ops.end()) return lowering;
  }
  return nullptr;
}

}  // namespace cornu::exporting
