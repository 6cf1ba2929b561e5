// Which kernel serves an op at a place of a plan.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/op_def.h"

namespace cornu::devices {

struct Choice {
  std::string kernel;  // name of the kernel that serves the op; "reference" for the op's own
  PreparedKernel prepared;
  std::vector<std::string> refusals;  // "conv: groups is 2, ..." of each kernel that refused before it
};

struct DeviceDef {
  std::string_view name;
  // Always finds one. `fast` false: the reference. Throws internal if the op has no reference kernel.
  Choice (*choose)(const ir::OpDef& op, const KernelSite& site, bool fast);
};

// Each folder of devices/ defines one `const DeviceDef device_<folder>`.
std::span<const DeviceDef* const> all_devices();
// By name; null if there is none.
const DeviceDef* find_device(std::string_view name);

}  // namespace cornu::devices
