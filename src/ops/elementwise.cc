// elementwise: several ops that work element by element, one after the other, as one op; see base/elementwise_program.h.
// Inputs  as many as the program names, one type; they broadcast
// Errors  bad_shape: what the ops' own rules refuse; internal: a program that is malformed, or names an op that does not work
//         element by element
#include "base/elementwise_program.h"
#include "ops/op.h"

namespace cornu::ops {
namespace {

const ir::OpDef& op_of(const ProgramStep& step) {
  const ir::OpDef* op = ir::find_op(step.op);
  const bool is_right = op != nullptr && op->elementwise && step.op != "elementwise" &&
                        static_cast<int>(step.operands.size()) >= op->min_inputs &&
                        static_cast<int>(step.operands.size()) <= op->max_inputs;
  if (!is_right) fail(ErrorCode::internal, "elementwise", "'{}' cannot be a step of a program", step.op);
  return *op;
}

// The types of all results.
std::vector<TensorType> types_of(const std::vector<ProgramStep>& steps, std::span<const TensorType> in) {
  std::vector<TensorType> types;
  for (const ProgramStep& step : steps) {
    std::vector<TensorType> operands;
    for (int operand : step.operands) {
      if (operand >= static_cast<int>(in.size()))
        fail(ErrorCode::internal, "elementwise", "the program names input {} of {}", operand, in.size());
      operands.push_back(operand >= 0 ? in[static_cast<size_t>(operand)]
                                      : types[static_cast<size_t>(~operand)]);
    }
    const std::vector<const Tensor*> constants(operands.size(), nullptr);
    ir::InferContext context{operands, constants, step.attrs, {}};
    op_of(step).infer(context);
    types.push_back(context.out.at(0));
  }
  return types;
}

void infer(ir::InferContext& c) {
  c.out.assign(1, types_of(read_program(c.attrs), c.in).back());
}

struct Stage {
  PreparedKernel kernel;
  std::vector<int> operands;
  int64_t result = 0;  // where it lies in the scratch; the last one is the output
};

// 64 bytes: what kernels expect of their outputs.
int64_t aligned(int64_t bytes) {
  return (bytes + 63) / 64 * 64;
}

PreparedKernel reference(const KernelSite& site) {
  const std::vector<ProgramStep> steps = read_program(site.attrs);
  const std::vector<TensorType> types = types_of(steps, site.in);
  std::vector<Stage> stages;
  int64_t scratch_bytes = 0;
  int64_t stage_bytes = 0;  // of the hungriest stage, behind the results
  for (size_t i = 0; i < steps.size(); ++i) {
    std::vector<TensorType> in;
    for (int operand : steps[i].operands)
      in.push_back(operand >= 0 ? site.in[static_cast<size_t>(operand)]
                                : types[static_cast<size_t>(~operand)]);
    const std::vector<const std::byte*> constants(in.size(), nullptr);
    const TensorType out[] = {types[i]};
    stages.push_back({op_of(steps[i]).reference({in, out, steps[i].attrs, constants, site.threads}),
                      steps[i].operands, scratch_bytes});
    scratch_bytes += aligned(types[i].shape.elements() * dtype_size(types[i].dtype));
    stage_bytes = std::max(stage_bytes, stages.back().kernel.scratch_bytes);
  }
  const auto run = [stages = std::move(stages), scratch_bytes](const KernelCall& call) {
    for (const Stage& stage : stages) {
      std::array<const std::byte*, 3> in{};
      for (size_t k = 0; k < stage.operands.size(); ++k) {
        const int operand = stage.operands[k];
        in[k] = operand >= 0 ? call.in[operand] : call.scratch + stages[static_cast<size_t>(~operand)].result;
      }
      std::byte* out[] = {&stage == &stages.back() ? call.out[0] : call.scratch + stage.result};
      stage.kernel.run({in.data(), out, call.scratch + scratch_bytes, call.pool});
    }
  };
  return {run, scratch_bytes + stage_bytes, {}};
}

}  // namespace

CORNU_OP(elementwise) = {
    .name = "elementwise", .max_inputs = -1, .infer = infer, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
