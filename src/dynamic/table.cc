#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {

// Each file of this folder that is not common_* defines `op_<file>` and `run_<file>`.
#define ENTRY(unit) extern const RunDef run_##unit;
#include "gen/dynamic_table.inc"
#undef ENTRY

namespace {

#define ENTRY(unit) &run_##unit,
constexpr const RunDef* kRuns[] = {
#include "gen/dynamic_table.inc"
};
#undef ENTRY

}  // namespace

const RunDef* find_run(const ir::OpDef& op) {
  if (op.reference != nullptr) return nullptr;
  for (const RunDef* run : kRuns) {
    if (run->op == &op) return run;
  }
  return nullptr;
}

}  // namespace cornu::dynamic
