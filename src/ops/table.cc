#include "ir/op_def.h"

#include <algorithm>

namespace cornu::ops {

// Each file of this folder defines one `const ir::OpDef op_<file>`.
#define ENTRY(unit) extern const ir::OpDef op_##unit;
#include "gen/op_table.inc"
#undef ENTRY

}  // namespace cornu::ops

namespace cornu::dynamic {

// And each file of src/dynamic.
#define ENTRY(unit) extern const ir::OpDef op_##unit;
#include "gen/dynamic_table.inc"
#undef ENTRY

}  // namespace cornu::dynamic

namespace cornu::ir {
namespace {

#define ENTRY(unit) &ops::op_##unit,
constexpr const OpDef* kOps[] = {
#include "gen/op_table.inc"
};
#undef ENTRY

#define ENTRY(unit) &dynamic::op_##unit,
constexpr const OpDef* kDynamicOps[] = {
#include "gen/dynamic_table.inc"
};
#undef ENTRY

// Both tables are sorted by file name, which is the op's name.
const OpDef* find_in(std::span<const OpDef* const> ops, std::string_view name) {
  const auto found =
      std::lower_bound(ops.begin(), ops.end(), name,
                       [](const OpDef* op, std::string_view wanted) { return op->name < wanted; });
  return found != ops.end() && (*found)->name == name ? *found : nullptr;
}

}  // namespace

std::span<const OpDef* const> all_ops() {
  return kOps;
}

const OpDef* find_op(std::string_view name) {
  const OpDef* op = find_in(kOps, name);
  return op != nullptr ? op : find_in(kDynamicOps, name);
}

}  // namespace cornu::ir
