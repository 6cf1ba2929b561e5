// sink_transposes: moves transposes below elementwise ops, concat and pad, and cancels those that meet.
// A channels_first model wraps every convolution in two transposes; after this pass only those at its edges
// are left. Proof   f(transpose(x)) = transpose(f(x)) for f that works element by element, and for concat and
// pad with their axes mapped;
//         transpose(transpose(x, p), q) = transpose(x, p after q), which is x for inverse permutations.
#include <optional>

#include "ir/builder.h"
#include "ops/evaluate.h"
#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Value;

Ints inverse(const Ints& permutation) {
  Ints out(permutation.size());
  for (size_t i = 0; i < permutation.size(); ++i)
    out[static_cast<size_t>(permutation[i])] = static_cast<int64_t>(i);
  return out;
}

class Sinker {
 public:
  explicit Sinker(ir::Graph& graph) : graph_(graph), builder_(graph) {}

  void run() {
    bool any = false;
    const size_t count = graph_.nodes().size();
    for (size_t i = 0; i < count; ++i) any = visit(i) || any;
    if (any) graph_.sort();
  }

 private:
  const ir::Node* transpose_of(Value value) const {
    const int32_t index = graph_.info(value).node;
    if (index < 0 || graph_.constant(value) != nullptr) return nullptr;
    const ir::Node& node = graph_.nodes()[static_cast<size_t>(index)];
    return node.op->name == "transpose" ? &node : nullptr;
  }

  bool visit(size_t index) {
    const ir::Node node = graph_.nodes()[index];  // a copy: adding nodes moves the list
    if (node.inputs.empty() || node.outputs.size() != 1) return false;
    const Value out = node.outputs[0];
    const ir::Node* above = nullptr;
    for (Value value : node.inputs) above = above == nullptr ? transpose_of(value) : above;
    if (above == nullptr) return false;
    const Ints permutation = above->attrs.ints("permutation");
    graph_.set_layer(node.layer);
    if (node.op->name == "transpose") {
      Ints composed;
      for (int64_t axis : node.attrs.ints("permutation"))
        composed.push_back(permutation[static_cast<size_t>(axis)]);
      graph_.replace_uses(out, builder_.transpose(above->inputs[0], composed));
      return true;
    }
    auto attrs = moved_attrs(node, permutation);
    if (!attrs) return false;
    std::vector<Value> inputs;
    for (Value value : node.inputs) {
      const auto moved = moved_input(value, permutation, graph_.type(out).shape.rank());
      if (!moved) return false;
      inputs.push_back(*moved);
    }
    const Value inner = builder_.op(node.op->name, std::move(inputs), std::move(*attrs));
    graph_.replace_uses(out, builder_.transpose(inner, permutation));
    return true;
  }

  // The node's attributes when it works above the transpose; nothing if it cannot.
  static std::optional<Attrs> moved_attrs(const ir::Node& node, const Ints& permutation) {
    Attrs attrs = node.attrs;
    if (node.op->elementwise) return attrs;
    if (node.op->name == "concat") {
      const auto rank = static_cast<int>(permutation.size());
      attrs.set("axis", permutation[static_cast<size_t>(normalize_axis(attrs.integer("axis"), rank))]);
      return attrs;
    }
    if (node.op->name == "pad" && node.inputs.size() == 1) {
      const Ints& padding = node.attrs.ints("padding");
      Ints moved(padding.size());
      for (size_t axis = 0; axis < permutation.size(); ++axis) {
        const auto from = static_cast<size_t>(permutation[axis]);
        moved[2 * from] = padding[2 * axis];
        moved[2 * from + 1] = padding[2 * axis + 1];
      }
      attrs.set("padding", moved);
      return attrs;
    }
    return std::nullopt;
  }

  // The input as it stands above the transpose: what the same transpose was made from, or a small constant
  // turned back.
  std::optional<Value> moved_input(Value value, const Ints& permutation, int rank) {
    if (const ir::Node* node = transpose_of(value)) {
      if (node->attrs.ints("permutation") == permutation) return node->inputs[0];
      return std::nullopt;
    }
    const Tensor* constant = graph_.constant(value);
    if (constant == nullptr || static_cast<size_t>(rank) != permutation.size()) return std::nullopt;
    if (constant->shape.elements() == 1 && constant->shape.rank() <= rank) return value;
    // Missing leading axes are axes of size 1.
    Tensor full = *constant;
    full.shape = {};
    for (int axis = constant->shape.rank(); axis < rank; ++axis) full.shape.push_back(1);
    for (int64_t dim : constant->shape) full.shape.push_back(dim);
    const ir::Node turn{ir::find_op("transpose"), {{"permutation", inverse(permutation)}}, {}, {}, ""};
    return graph_.add_constant(ops::evaluate(turn, std::array{full})[0]);
  }

  ir::Graph& graph_;
  ir::GraphBuilder builder_;
};

void run(ir::Graph& graph) {
  Sinker(graph).run();
}

}  // namespace

CORNU_PASS(sink_transposes) = {
    .name = "sink_transposes",
    .description = "moves the transposes of channels_first models to the edges and cancels them",
    .order = 50,
    .run = run};

}  // namespace cornu::passes
