// Conditions that every kernel asks of its site.
#pragma once

#include <string>

#include "base/kernel.h"

namespace cornu::kernels {

// Why this site is not for float32 kernels over at least one element; empty if it is.
std::string refuse_other_than_float32(const KernelSite& site);

}  // namespace cornu::kernels
