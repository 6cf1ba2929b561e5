// Moving elements: the kernel of every op whose output elements are input elements in another order, or a
// fill value.
#pragma once

#include "ops/op.h"

namespace cornu::ops {

// Where the elements along one axis of the output come from: entry i is the offset in elements that index i
// adds to the position in x, or kFill if the outputs of that index are the fill value.
using AxisSource = Ints;
constexpr int64_t kFill = -1;

// count entries: first, first + step, ...
AxisSource evenly(int64_t count, int64_t first, int64_t step);

// y[i0, i1, ...] = x[sources[0][i0] + sources[1][i1] + ...], or `fill` (its bytes in the first places) if one
// of them is kFill. Elements of any type but strings.
PreparedKernel move_elements(const KernelSite& site, std::vector<AxisSource> sources,
                             const Bytes16& fill = {});

}  // namespace cornu::ops
