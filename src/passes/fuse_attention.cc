// fuse_attention: the products, the softmax and the transposes of attention with heads become one op, which stores no scores.
//   softmax(transpose(q * s) transpose(k)^T [+ bias] [, low where not condition]) transpose(v), transposed back
//   -> attention(q, k, v) {scale: s}
// The products may also be written as the einsums of TensorFlow's MultiHeadAttention.
// Proof   the op is the formula of these steps (ops/attention.cc), and a scale of q is a scale of its products. Scores and
//         weights with another reader stay.
#include <optional>
#include <utility>

#include "ir/builder.h"
#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Value;

const Ints kHeadsFirst{0, 2, 1, 3};

// The equation with its letters renamed in the order in which they occur.
std::string canonical(const std::string& equation) {
  std::string seen, text;
  for (char c : equation) {
    if (c == ' ') continue;
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter && seen.find(c) == std::string::npos) seen += c;
    text += is_letter ? static_cast<char>('a' + seen.find(c)) : c;
  }
  return text;
}

struct Parts {
  Value query, key, value, bias, condition;
  double scale = 1, low = 0;
};

class Fuser {
 public:
  explicit Fuser(ir::Graph& graph) : graph_(graph), builder_(graph), uses_(graph.count_uses()) {}

  void run() {
    bool any = false;
    const size_t count = graph_.nodes().size();
    for (size_t i = 0; i < count; ++i) any = visit(i) || any;
    if (any) graph_.sort();
  }

 private:
  // The node that makes the value, if it is an op of that name.
  const ir::Node* made_by(Value value, std::string_view op) const {
    const int32_t index = graph_.info(value).node;
    if (index < 0 || graph_.constant(value) != nullptr) return nullptr;
    const ir::Node& node = graph_.nodes()[static_cast<size_t>(index)];
    return node.op->name == op ? &node : nullptr;
  }
  // The same, if nothing else reads the value.
  const ir::Node* made_for_this(Value value, std::string_view op) const {
    return uses_[static_cast<size_t>(value.id)] == 1 ? made_by(value, op) : nullptr;
  }

  std::optional<double> scalar(Value value) const {
    const Tensor* constant = graph_.constant(value);
    if (constant == nullptr || constant->shape.elements() != 1 || !dtype_is_floating(constant->dtype))
      return std::nullopt;
    return to_doubles(*constant)[0];
  }

  // x where the value is x with its heads moved in front.
  Value heads_moved(Value value) const {
    const ir::Node* node = made_by(value, "transpose");
    return node != nullptr && node->attrs.ints("permutation") == kHeadsFirst ? node->inputs[0] : Value{};
  }

  static bool is_plain_product(const ir::Node& node, bool transpose_b) {
    return node.inputs.size() == 2 && !node.attrs.flag("transpose_a") && !node.attrs.has("activation") &&
           node.attrs.flag("transpose_b") == transpose_b;
  }

  // Takes constant factors off the front of x.
  void take_scale(Value& x, double& scale) const {
    for (const ir::Node* node; (node = made_for_this(x, "mul")) != nullptr;) {
      const auto first = scalar(node->inputs[0]);
      const auto factor = first ? first : scalar(node->inputs[1]);
      if (!factor) return;
      scale *= *factor;
      x = node->inputs[first ? 1 : 0];
    }
  }

  bool take_products(Value scores, Parts& parts) const {
    take_scale(scores, parts.scale);
    if (const ir::Node* node = made_for_this(scores, "matmul");
        node != nullptr && is_plain_product(*node, true)) {
      parts.query = heads_moved(node->inputs[0]);
      parts.key = heads_moved(node->inputs[1]);
    } else if (const ir::Node* sums = made_for_this(scores, "einsum");
               sums != nullptr && sums->inputs.size() == 2 &&
               canonical(sums->attrs.text("equation")) == "abcd,aecd->aceb") {
      parts.query = sums->inputs[1];
      parts.key = sums->inputs[0];
    }
    if (!parts.query.valid() || !parts.key.valid()) return false;
    take_scale(parts.query, parts.scale);
    return true;
  }

  // Scores as they enter the softmax, from the last step to the first.
  bool take_scores(Value scores, Parts& parts) const {
    const TensorType type = graph_.type(scores);
    if (const ir::Node* node = made_for_this(scores, "select")) {
      const auto low = scalar(node->inputs[2]);
      if (!low || !(graph_.type(node->inputs[1]) == type)) return false;
      parts.low = *low;
      parts.condition = node->inputs[0];
      scores = node->inputs[1];
    }
    if (const ir::Node* node = made_for_this(scores, "add")) {
      for (size_t i = 0; i < 2; ++i) {
        Parts tried = parts;
        tried.bias = node->inputs[1 - i];
        if (graph_.type(node->inputs[i]) == type && take_products(node->inputs[i], tried)) {
          parts = tried;
          return true;
        }
      }
      return false;
    }
    return take_products(scores, parts);
  }

  bool take_weights(Value weights, Parts& parts) const {
    const ir::Node* node = made_for_this(weights, "softmax");
    if (node == nullptr || graph_.type(weights).shape.rank() != 4) return false;
    const int64_t axis = node->attrs.integer("axis", -1);
    return (axis == -1 || axis == 3) && take_scores(node->inputs[0], parts);
  }

  bool visit(size_t index) {
    const ir::Node node = graph_.nodes()[index];  // a copy: adding nodes moves the list
    Parts parts;
    if (node.op->name == "transpose" && node.attrs.ints("permutation") == kHeadsFirst) {
      const ir::Node* product = made_for_this(node.inputs[0], "matmul");
      if (product == nullptr || !is_plain_product(*product, false)) return false;
      parts.value = heads_moved(product->inputs[1]);
      if (!parts.value.valid() || !take_weights(product->inputs[0], parts)) return false;
    } else if (node.op->name == "einsum" && node.inputs.size() == 2 &&
               canonical(node.attrs.text("equation")) == "abcd,adbe->acbe") {
      parts.value = node.inputs[1];
      if (!take_weights(node.inputs[0], parts)) return false;
    } else {
      return false;
    }
    graph_.set_layer(node.layer);
    std::vector<Value> inputs{parts.query, parts.key, parts.value};
    for (Value extra : {parts.bias, parts.condition}) {
      if (extra.valid()) inputs.push_back(extra);
    }
    graph_.replace_uses(node.outputs[0], builder_.op("attention", std::move(inputs),
                                                     {{"scale", parts.scale},
                                                      {"low", parts.low},
                                                      {"has_bias", parts.bias.valid()},
                                                      {"has_condition", parts.condition.valid()}}));
    return true;
  }

  ir::Graph& graph_;
  ir::GraphBuilder builder_;
  std::vector<int32_t> uses_;  // per value, before the pass
};

void run(ir::Graph& graph) {
  Fuser(graph).run();
}

}  // namespace

CORNU_PASS(fuse_attention) = {.name = "fuse_attention",
                              .description = "turns the steps of attention with heads into one op",
                              .order = 40,
                              .run = run};

}  // namespace cornu::passes
