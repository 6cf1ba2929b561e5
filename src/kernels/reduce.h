// Sums, means and maxima over neighbouring axes, such as the spatial axes of a channels-last array.
#pragma once

#include "base/kernel.h"
#include "kernels/rows.h"

namespace cornu::kernels {

// Plans the reduction of in x over the attribute "axes" (absent: all). NaN gives NaN. Refuses other types than float32,
// empty arrays and axes that are not neighbours.
PreparedKernel prepare_reduce(const KernelSite& site, Reduction reduction);

}  // namespace cornu::kernels
