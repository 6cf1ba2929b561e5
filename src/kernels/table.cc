#include "kernels/table.h"

namespace cornu::kernels {

#define ENTRY(unit) extern const KernelDef kernel_##unit;
#include "gen/kernel_table.inc"
#undef ENTRY

namespace {

#define ENTRY(unit) &kernel_##unit,
constexpr const KernelDef* kKernels[] = {
#include "gen/kernel_table.inc"
    nullptr,
};
#undef ENTRY

}  // namespace

std::span<const KernelDef* const> all_kernels() {
  return std::span(kKernels).first(std::size(kKernels) - 1);
}

}  // namespace cornu::kernels
