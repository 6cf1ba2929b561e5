// fuse_elementwise: ops that work element by element and feed each other become one op with a program, so that what lies between
// them never goes through memory. pow with a constant exponent becomes the function that it is.
//   add(mul(x, y), z) -> clip      becomes      elementwise(x, y, z) {program: "mul x0 x1; add t0 x2; clip t1"}
// Proof   the program is the same ops in the same order; a step that broadcasts less than the result gives the same elements when
//         it is computed after broadcasting. Only values with a single reader disappear.
// float32 only: there is no fast kernel for other types.
#include <algorithm>

#include "base/elementwise_program.h"
#include "ir/builder.h"
#include "kernels/elementwise.h"
#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Value;

constexpr size_t kMaxSteps =
    16;  // results live in few registers of 4 kB: more would leave the first-level cache

class Fuser {
 public:
  explicit Fuser(ir::Graph& graph) : graph_(graph) {}

  void run() {
    simplify_powers();
    uses_ = graph_.count_uses();
    const size_t count = graph_.nodes().size();
    taken_.assign(count, false);
    bool any = false;
    for (size_t i = count; i-- > 0;) any = fuse(i) || any;
    if (any) graph_.sort();
  }

 private:
  // A node may be a step if its op has a fast form and everything is float32.
  bool is_step(const ir::Node& node) const {
    if (node.outputs.size() != 1 || graph_.type(node.outputs[0]).dtype != DType::float32) return false;
    for (Value value : node.inputs) {
      if (graph_.type(value).dtype != DType::float32) return false;
    }
    const auto step = kernels::ElementwiseStep::of(node.op->name, node.attrs);
    return step && static_cast<int>(node.inputs.size()) == step->operand_count();
  }

  // The node that makes the value for this reader alone and may be a step; -1 if there is none. Its result has the size of the
  // whole program's, or it would be computed more often than now.
  int32_t producer(Value value, const Shape& shape) const {
    const int32_t index = graph_.info(value).node;
    if (index < 0 || graph_.constant(value) != nullptr || uses_[static_cast<size_t>(value.id)] != 1)
      return -1;
    const auto at = static_cast<size_t>(index);
    const bool fits =
        at < taken_.size() && !taken_[at] && graph_.type(value).shape == shape && is_step(graph_.nodes()[at]);
    return fits ? index : -1;
  }

  struct Program {
    std::vector<ProgramStep> steps;
    std::vector<Value> inputs;
    std::vector<size_t> nodes;
    size_t planned = 1;  // steps that are certain: those written and those on the way
  };

  int input_of(Program& program, Value value) const {
    const auto found = std::find(program.inputs.begin(), program.inputs.end(), value);
    if (found != program.inputs.end()) return static_cast<int>(found - program.inputs.begin());
    program.inputs.push_back(value);
    return static_cast<int>(program.inputs.size()) - 1;
  }

  // Appends the node's step behind those of its operands; returns its number.
  int append(Program& program, size_t index, const Shape& shape) {
    const ir::Node& node = graph_.nodes()[index];
    ProgramStep step{std::string(node.op->name), node.attrs, {}};
    for (Value value : node.inputs) {
      const int32_t made_by = program.planned < kMaxSteps ? producer(value, shape) : -1;
      if (made_by >= 0) {
        ++program.planned;
        step.operands.push_back(~append(program, static_cast<size_t>(made_by), shape));
      } else {
        step.operands.push_back(input_of(program, value));
      }
    }
    program.nodes.push_back(index);
    program.steps.push_back(std::move(step));
    return static_cast<int>(program.steps.size()) - 1;
  }

  bool fuse(size_t index) {
    const ir::Node node = graph_.nodes()[index];  // a copy: adding nodes moves the list
    if (taken_[index] || !is_step(node)) return false;
    const Shape& shape = graph_.type(node.outputs[0]).shape;
    Program program;
    append(program, index, shape);
    if (program.steps.size() < 2 || program.inputs.size() > kernels::kMaxBroadcastInputs) return false;
    for (size_t taken : program.nodes) taken_[taken] = true;
    put_whole_input_first(program, shape);
    graph_.set_layer(node.layer);
    ir::GraphBuilder builder(graph_);
    const Value fused = builder.op("elementwise", program.inputs, write_program(program.steps));
    graph_.replace_uses(node.outputs[0], fused);
    uses_.resize(graph_.values().size(), 1);
    uses_[static_cast<size_t>(fused.id)] = uses_[static_cast<size_t>(node.outputs[0].id)];
    return true;
  }

  // The result may overwrite the first input: one of its size, if there is any.
  void put_whole_input_first(Program& program, const Shape& shape) const {
    size_t whole = 0;
    while (whole < program.inputs.size() && (graph_.constant(program.inputs[whole]) != nullptr ||
                                             !(graph_.type(program.inputs[whole]).shape == shape)))
      ++whole;
    if (whole == 0 || whole == program.inputs.size()) return;
    std::swap(program.inputs[0], program.inputs[whole]);
    for (ProgramStep& step : program.steps) {
      for (int& operand : step.operands) {
        if (operand == 0) {
          operand = static_cast<int>(whole);
        } else if (operand == static_cast<int>(whole)) {
          operand = 0;
        }
      }
    }
  }

  void simplify_powers() {
    constexpr std::pair<double, std::string_view> kPowers[] = {
        {2, "square"}, {0.5, "sqrt"}, {-0.5, "rsqrt"}, {-1, "reciprocal"}};
    for (ir::Node& node : graph_.mutable_nodes()) {
      if (node.op->name != "pow" || !dtype_is_floating(graph_.type(node.outputs[0]).dtype)) continue;
      const Tensor* exponent = graph_.constant(node.inputs[1]);
      if (exponent == nullptr || exponent->shape.elements() != 1 ||
          !(graph_.type(node.inputs[0]).shape == graph_.type(node.outputs[0]).shape))
        continue;
      for (const auto& [power, op] : kPowers) {
        if (to_doubles(*exponent)[0] != power) continue;
        node.op = ir::find_op(op);
        node.inputs.pop_back();
        break;
      }
    }
  }

  ir::Graph& graph_;
  std::vector<int32_t> uses_;  // per value
  std::vector<bool> taken_;    // per node: part of a program
};

void run(ir::Graph& graph) {
  Fuser(graph).run();
}

}  // namespace

CORNU_PASS(fuse_elementwise) = {
    .name = "fuse_elementwise",
    .description = "joins neighbours that work element by element into one pass over memory",
    .order = 200,
    .run = run};

}  // namespace cornu::passes
