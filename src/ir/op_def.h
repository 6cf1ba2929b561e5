// OpDef: what an operation is: its shape rule and its reference kernel.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/kernel.h"
#include "tensor/tensor.h"

namespace cornu::ir {

// What a shape rule sees and fills. Sizes may be Shape::kUnknown when a graph is built; all are known when a
// plan is made. `constants[i]` is input i when its value is known (a weight, a folded constant, or a shape
// computed by the plan), else null: rules of ops such as reshape need the value itself.
struct InferContext {
  std::span<const TensorType> in;
  std::span<const Tensor* const> constants;
  const Attrs& attrs;
  std::vector<TensorType> out;

  // The common case of one output.
  void result(DType dtype, const Shape& shape) { out.assign(1, {dtype, shape}); }
};

struct OpDef {
  std::string_view name;  // bears the file's name
  int min_inputs = 1;
  int max_inputs = 1;  // -1: any number
  // Fills context.out. Throws bad_shape with one sentence that names the sizes received.
  void (*infer)(InferContext& context) = nullptr;
  // The obvious kernel. Takes every type the rule lets through, except float16 and bfloat16 which the device
  // converts.
  PrepareKernel reference = nullptr;
  bool alias = false;  // the output is the first input's bytes under another shape
  bool elementwise =
      false;  // out[i] depends only on in[..][i]: the output may overwrite a first input of its size
  bool shape_only = false;       // depends on the inputs' shapes, not their values (for example `shape`)
  bool has_side_effect = false;  // never removed or folded
  std::span<const std::string_view> tf_names = {};  // TensorFlow ops with exactly this meaning
};

// Finds ops by name; the generated table of all ops implements it.
const OpDef* find_op(std::string_view name);
std::span<const OpDef* const> all_ops();

}  // namespace cornu::ir
