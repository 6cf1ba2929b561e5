// fuse_epilogue: bias, batch normalisation, residual addition and activation move into the convolution or
// matrix product that makes their input, so that they cost no pass over memory.
//   conv(x, w) * s + t + r -> relu      becomes      conv(x, w, s, t, r) {epilogue: "scale shift residual",
//   activation: "relu"}
// Proof   each step is the formula of the epilogue (base/epilogue.h): y = activation(sum * scale + shift +
// residual), and steps
//         compose: (a * s + t) * c = a * (s c) + t c. Only values with a single use are taken, so no other
//         reader is affected.
// Weights stay untouched: only the small vectors are combined.
#include <optional>

#include "base/epilogue.h"
#include "ops/evaluate.h"
#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Value;

// The chain behind one convolution or matrix product, as far as it fits the formula.
struct Chain {
  std::optional<Tensor> scale;
  std::optional<Tensor> shift;
  Value bias;  // a shift that is no constant: a weight in training
  Value residual;
  std::string activation;
  Attrs activation_attrs;
  size_t last = 0;  // node that the fused one replaces
  bool any = false;
};

class Fuser {
 public:
  explicit Fuser(ir::Graph& graph)
      : graph_(graph), dead_(graph.nodes().size(), false), users_(graph.values().size()) {
    for (size_t i = 0; i < graph.nodes().size(); ++i) {
      for (Value value : graph.nodes()[i].inputs) users_[static_cast<size_t>(value.id)].push_back(i);
    }
    uses_ = graph.count_uses();
  }

  void run() {
    for (size_t i = 0; i < graph_.nodes().size(); ++i) {
      const ir::Node& node = graph_.nodes()[i];
      const std::string_view op = node.op->name;
      if ((op == "conv" || op == "conv_transpose" || op == "matmul") && node.inputs.size() == 2 &&
          !node.attrs.has("activation"))
        fuse(i);
    }
    graph_.remove_nodes(dead_);
    graph_.sort();
  }

 private:
  // A constant that holds one number per channel (or one for all), as a vector of `channels`; nothing else
  // fits.
  std::optional<Tensor> per_channel(Value value, int64_t channels, DType dtype) const {
    const Tensor* constant = graph_.constant(value);
    if (constant == nullptr || constant->dtype != dtype) return std::nullopt;
    const int64_t elements = constant->shape.elements();
    const bool vector =
        elements == channels && (constant->shape.rank() == 0 || constant->shape.back() == channels);
    if (!vector && elements != 1) return std::nullopt;
    Tensor flat = *constant;
    flat.shape = {elements};
    if (elements == channels) return flat;
    ir::Node broadcast{ir::find_op("broadcast_to"), {{"shape", Ints{channels}}}, {}, {}, ""};
    return ops::evaluate(broadcast, std::array{flat})[0];
  }

  static Tensor combine(std::string_view op, const Tensor& a, const Tensor& b) {
    const ir::Node node{ir::find_op(op), {}, {}, {}, ""};
    return ops::evaluate(node, std::array{a, b})[0];
  }

  static Tensor negated(const Tensor& a) {
    const ir::Node node{ir::find_op("neg"), {}, {}, {}, ""};
    return ops::evaluate(node, std::array{a})[0];
  }

  void fuse(size_t start) {
    Chain chain;
    chain.last = start;
    Value value = graph_.nodes()[start].outputs[0];
    if (graph_.type(value).shape.rank() < 1 || graph_.type(value).shape.back() == Shape::kUnknown) return;
    while (uses_[static_cast<size_t>(value.id)] == 1 && users_[static_cast<size_t>(value.id)].size() == 1) {
      const size_t user = users_[static_cast<size_t>(value.id)][0];
      const ir::Node& node = graph_.nodes()[user];
      if (dead_[user] || !(graph_.type(node.outputs[0]) == graph_.type(value)) || !absorb(chain, node, value))
        break;
      dead_[chain.last] = true;
      chain.last = user;
      chain.any = true;
      value = node.outputs[0];
      if (!chain.activation.empty()) break;
    }
    if (chain.any) replace(start, chain);
  }

  // Whether the node is the chain's next step; takes it if so.
  bool absorb(Chain& chain, const ir::Node& node, Value value) {
    const std::string_view op = node.op->name;
    if (node.inputs.size() == 1) return absorb_activation(chain, node);
    if (node.inputs.size() != 2 || chain.residual.valid()) return false;
    const bool first = node.inputs[0] == value;
    const Value other = node.inputs[first ? 1 : 0];
    const TensorType& type = graph_.type(value);
    if (op == "add" && !chain.shift && !chain.bias.valid() && graph_.constant(other) == nullptr &&
        graph_.type(other) == TensorType{type.dtype, {type.shape.back()}} && type.shape.rank() > 1) {
      chain.bias = other;
      return true;
    }
    if (chain.bias.valid() && graph_.constant(other) != nullptr) return false;
    if (const auto constant = per_channel(other, type.shape.back(), type.dtype)) {
      if (op == "mul") {
        chain.scale = chain.scale ? combine("mul", *chain.scale, *constant) : *constant;
        if (chain.shift) chain.shift = combine("mul", *chain.shift, *constant);
        return true;
      }
      if (op == "add" || (op == "sub" && first)) {
        const Tensor term = op == "add" ? *constant : negated(*constant);
        chain.shift = chain.shift ? combine("add", *chain.shift, term) : term;
        return true;
      }
      return false;
    }
    if (op != "add" || graph_.constant(other) != nullptr || !same_at_run(graph_.type(other), type))
      return false;
    chain.residual = other;
    return true;
  }

  // Equal shapes now and in every run: a size that is unknown could turn out to be broadcast, except the
  // batch.
  static bool same_at_run(const TensorType& a, const TensorType& b) {
    if (!(a == b)) return false;
    for (int axis = 1; axis < a.shape.rank(); ++axis) {
      if (a.shape[axis] == Shape::kUnknown) return false;
    }
    return true;
  }

  static bool absorb_activation(Chain& chain, const ir::Node& node) {
    const auto activation = activation_named(node.op->name);
    if (!activation || *activation == Activation::none) return false;
    chain.activation = node.op->name;
    chain.activation_attrs = node.attrs;
    return true;
  }

  void replace(size_t start, const Chain& chain) {
    ir::Node& target = graph_.mutable_nodes()[chain.last];
    const ir::Node& source = graph_.nodes()[start];
    ir::Node fused{source.op, source.attrs, source.inputs, target.outputs, source.layer};
    std::string roles;
    const auto add_role = [&](const char* role, Value value) {
      roles += roles.empty() ? role : std::string(" ") + role;
      fused.inputs.push_back(value);
    };
    if (chain.scale) add_role("scale", graph_.add_constant(*chain.scale));
    if (chain.shift) add_role("shift", graph_.add_constant(*chain.shift));
    if (chain.bias.valid()) add_role("shift", chain.bias);
    if (chain.residual.valid()) add_role("residual", chain.residual);
    fused.attrs.set("epilogue", roles);
    fused.attrs.set("activation", chain.activation);
    for (const auto& [name, value] : chain.activation_attrs.items())
      fused.attrs.set("activation_" + name, value);
    // add_constant does not move nodes; `target` is still valid.
    for (Value value : fused.inputs) {
      if (static_cast<size_t>(value.id) >= users_.size()) continue;
      for (size_t& user : users_[static_cast<size_t>(value.id)]) user = user == start ? chain.last : user;
    }
    target = std::move(fused);
  }

  ir::Graph& graph_;
  std::vector<bool> dead_;                  // per node
  std::vector<std::vector<size_t>> users_;  // per value
  std::vector<int32_t> uses_;               // per value, graph outputs included
};

void run(ir::Graph& graph) {
  Fuser(graph).run();
}

}  // namespace

CORNU_PASS(fuse_epilogue) = {
    .name = "fuse_epilogue",
    .description = "moves bias, batch normalisation, residual addition and activation into conv and matmul",
    .order = 100,
    .run = run};

}  // namespace cornu::passes
