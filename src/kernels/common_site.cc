#include <fmt/format.h>

#include <algorithm>

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

std::string refuse_epilogue(const KernelSite& site, const Epilogue& epilogue) {
  const Shape& y = site.out[0].shape;
  const int last = std::max({epilogue.scale, epilogue.shift, epilogue.residual});
  if (last >= static_cast<int>(site.in.size())) return "the epilogue has more roles than there are inputs";
  for (int input : {epilogue.scale, epilogue.shift, epilogue.residual}) {
    if (input < 0) continue;
    const Shape& shape = site.in[static_cast<size_t>(input)].shape;
    const Shape wanted = input == epilogue.residual ? y : Shape{y.back()};
    if (shape != wanted) {
      return fmt::format("input {} has shape {}, the epilogue needs {}", input, shape.to_string(),
                         wanted.to_string());
    }
  }
  return "";
}

}  // namespace cornu::kernels
