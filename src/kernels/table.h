// All fast CPU kernels, from the generated table: each file of this folder defines one `const KernelDef
// kernel_<file>`.
#pragma once

#include <span>

#include "base/kernel.h"

namespace cornu::kernels {

std::span<const KernelDef* const> all_kernels();

}  // namespace cornu::kernels
