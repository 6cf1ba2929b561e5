// Arithmetic on two arrays, element by element, with NumPy's broadcasting.
#pragma once

#include "base/kernel.h"

namespace cornu::kernels {

enum class Binary { add, sub, mul, div, maximum, minimum };

// Plans y = op(a, b), where a and b broadcast to y. Either may be y itself if it has y's shape. NaN in either gives NaN.
// Refuses other types than float32, empty arrays and shapes that do not broadcast to y.
PreparedKernel prepare_binary(const KernelSite& site, Binary op);

}  // namespace cornu::kernels
