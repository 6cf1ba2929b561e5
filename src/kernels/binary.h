// Arithmetic on two arrays, element by element, with NumPy's broadcasting.
#pragma once

#include "base/kernel.h"

namespace cornu::kernels {

enum class Binary { add, sub, mul, div, maximum, minimum, squared_difference };

// y[i] = op(a[i], b[i]) for i in [0, count), where a or b may be one float for all i. a and b may have any alignment, and be y.
// Runs on the calling thread.
void combine(Binary op, const std::byte* a, bool a_repeats, const std::byte* b, bool b_repeats, float* y,
             int64_t count);

// Plans y = op(a, b), where a and b broadcast to y. Either may be y itself if it has y's shape. NaN in either gives NaN.
// Refuses other types than float32, empty arrays and shapes that do not broadcast to y.
PreparedKernel prepare_binary(const KernelSite& site, Binary op);

}  // namespace cornu::kernels
