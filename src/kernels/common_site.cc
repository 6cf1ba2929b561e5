#include <fmt/format.h>

#include "kernels/site.h"

namespace cornu::kernels {

std::string refuse_other_than_float32(const KernelSite& site) {
  const auto refusal = [](const char* role, size_t index, const TensorType& type) -> std::string {
    if (type.dtype != DType::float32) {
      return fmt::format("{} {} is {}, only float32 is handled", role, index, dtype_name(type.dtype));
    }
    if (!type.shape.is_known() || type.shape.elements() == 0) {
      return fmt::format("{} {} has shape {}, at least one element is needed", role, index,
                         type.shape.to_string());
    }
    return "";
  };
  for (size_t i = 0; i < site.in.size(); i++) {
    if (std::string why = refusal("input", i, site.in[i]); !why.empty()) return why;
  }
  for (size_t i = 0; i < site.out.size(); i++) {
    if (std::string why = refusal("output", i, site.out[i]); !why.empty()) return why;
  }
  return "";
}

}  // namespace cornu::kernels
