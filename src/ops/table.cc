#include "ir/op_def.h"

namespace cornu::ops {

// Each file of this folder defines one `const ir::OpDef op_<file>`.
#define ENTRY(unit) extern const ir::OpDef op_##unit;
#include "gen/op_table.inc"
#undef ENTRY

}  // namespace cornu::ops

namespace cornu::ir {
namespace {

#define ENTRY(unit) &ops::op_##unit,
constexpr const OpDef* kOps[] = {
#include "gen/op_table.inc"
};
#undef ENTRY

}  // namespace

std::span<const OpDef* const> all_ops() {
  return kOps;
}

const OpDef* find_op(std::string_view name) {
  // The table is sorted by file name, which is the op's name.
  size_t low = 0;
  size_t high = std::size(kOps);
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (kOps[middle]->name < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < std::size(kOps) && kOps[low]->name == name ? kOps[low] : nullptr;
}

}  // namespace cornu::ir
