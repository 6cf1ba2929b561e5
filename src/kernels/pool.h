// Pools over windows of channels-last arrays, vectorised along the channels.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/kernel.h"

namespace cornu::kernels {

enum class Pool { max, average };

// The elements of one window that lie inside x.
struct PoolBox {
  const std::byte* x;                 // the first pixel
  std::array<int64_t, 3> count;       // along depth, height and width, each at least 1
  std::array<int64_t, 3> step_bytes;  // from one to the next
  float inverse;                      // 1 / number of elements
};

// Plans a pool: in x (batch, spatial..., channels), attributes "window", "strides", "auto_pad" and "padding";
// padding never counts, neither as a value nor as an element. Refuses other types than float32, empty arrays
// and windows that may lie wholly in the padding.
PreparedKernel prepare_pool(const KernelSite& site, Pool pool);

}  // namespace cornu::kernels
