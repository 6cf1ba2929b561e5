// Programs that work element by element: several functions and arithmetic in one pass over memory. Elements are taken a tile
// at a time; what lies between the steps stays in cache.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kernels/activation.h"
#include "kernels/binary.h"
#include "kernels/broadcast.h"
#include "kernels/function.h"

namespace cornu::kernels {

struct ElementwiseStep {
  enum class Kind { binary, activation, function };
  Kind kind = Kind::binary;
  Binary binary = Binary::add;
  Activation activation = Activation::none;
  Function function = Function::abs;
  float a = 0, b = 0;  // of the activation (Epilogue::a, b)
  int operands[2] = {
      0, -1};  // an input of the site, or the step ~operand; functions of one number have the first only

  int operand_count() const { return kind == Kind::binary ? 2 : 1; }
  // The step of an op with these attributes; nothing if it is none of the above.
  static std::optional<ElementwiseStep> of(std::string_view op, const Attrs& attrs);
};

// Plans y = the last step. Inputs broadcast to y as in NumPy, and the first may be y if it has y's shape. Refuses other types
// than float32, empty arrays, more than kMaxBroadcastInputs and shapes that do not broadcast to y.
PreparedKernel prepare_elementwise(const KernelSite& site, std::vector<ElementwiseStep> steps);

}  // namespace cornu::kernels
