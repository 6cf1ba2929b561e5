// Comparisons of two arrays, element by element, with NumPy's broadcasting.
#pragma once

#include "base/kernel.h"

namespace cornu::kernels {

enum class Comparison { equal, not_equal, greater, greater_equal, less, less_equal };

// Plans y = whether a and b compare so, as bool. Refuses 16-bit floats, complex numbers, strings, empty arrays and shapes that do
// not broadcast to y.
PreparedKernel prepare_compare(const KernelSite& site, Comparison comparison);

}  // namespace cornu::kernels
