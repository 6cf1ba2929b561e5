// fuse_gelu: what TensorFlow graphs spell out as products -> gelu, which is one kernel and an activation of others.
// Proof   x / 2 * (1 + erf(x / sqrt 2)) and x / 2 * erfc(-x / sqrt 2) are the definition of gelu (ops/gelu.cc);
//         x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) is its approximation. Constants must be those to 1e-5.
#include <cmath>
#include <numbers>
#include <optional>

#include "ir/builder.h"
#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Value;

constexpr int kMostFactors = 8;
constexpr double kCube = 0.044715;  // of the approximation

struct Product {
  double scale = 1;
  std::vector<Value> factors;
};

class Matcher {
 public:
  explicit Matcher(const ir::Graph& graph) : graph_(graph) {}

  // x, if the value is the gelu of x; `approximate`: out.
  std::optional<Value> gelu_of(Value value, bool& approximate) const {
    const Product product = product_of(value);
    if (product.factors.size() != 2) return std::nullopt;
    for (int i = 0; i < 2; ++i) {
      const Value x = product.factors[static_cast<size_t>(i)];
      const Value gate = product.factors[static_cast<size_t>(1 - i)];
      for (const bool tanh : {false, true}) {
        approximate = tanh;
        if (near(product.scale, 0.5) && is_gate(gate, x, tanh)) return x;
      }
    }
    return std::nullopt;
  }

 private:
  static bool near(double a, double b) { return std::fabs(a - b) <= 1e-5 * std::fabs(b); }

  const ir::Node* producer(Value value, std::string_view op) const {
    const int32_t index = graph_.info(value).node;
    if (index < 0 || graph_.constant(value) != nullptr) return nullptr;
    const ir::Node& node = graph_.nodes()[static_cast<size_t>(index)];
    return node.op->name == op ? &node : nullptr;
  }

  std::optional<double> scalar_of(Value value) const {
    const Tensor* constant = graph_.constant(value);
    if (constant == nullptr || constant->shape.elements() != 1 || !dtype_is_floating(constant->dtype))
      return std::nullopt;
    return to_doubles(*constant)[0];
  }

  Product product_of(Value value) const {
    Product product;
    std::vector<Value> open{value};
    while (!open.empty() && product.factors.size() < kMostFactors) {
      const Value next = open.back();
      open.pop_back();
      const ir::Node* node = nullptr;
      if (const auto scalar = scalar_of(next)) {
        product.scale *= *scalar;
      } else if ((node = producer(next, "mul")) != nullptr) {
        open.insert(open.end(), node->inputs.begin(), node->inputs.end());
      } else if ((node = producer(next, "neg")) != nullptr) {
        product.scale = -product.scale;
        open.push_back(node->inputs[0]);
      } else if ((node = producer(next, "div")) != nullptr && scalar_of(node->inputs[1])) {
        product.scale /= *scalar_of(node->inputs[1]);
        open.push_back(node->inputs[0]);
      } else if ((node = producer(next, "square")) != nullptr) {
        open.insert(open.end(), 2, node->inputs[0]);
      } else if ((node = producer(next, "pow")) != nullptr && scalar_of(node->inputs[1]) == 3) {
        open.insert(open.end(), 3, node->inputs[0]);
      } else {
        product.factors.push_back(next);
      }
    }
    return product;
  }

  // Whether the value is scale * x^power.
  bool is_power(Value value, Value x, double scale, size_t power) const {
    const Product product = product_of(value);
    return near(product.scale, scale) && product.factors == std::vector<Value>(power, x);
  }

  // The other term of 1 + term, or nothing.
  std::optional<Value> beside_one(Value value) const {
    const ir::Node* sum = producer(value, "add");
    for (size_t i = 0; sum != nullptr && i < 2; ++i) {
      if (scalar_of(sum->inputs[i]) == 1) return sum->inputs[1 - i];
    }
    return std::nullopt;
  }

  bool is_gate(Value gate, Value x, bool tanh) const {
    const double root = 1 / std::numbers::sqrt2;
    if (const ir::Node* erfc = producer(gate, "erfc")) return !tanh && is_power(erfc->inputs[0], x, -root, 1);
    const auto term = beside_one(gate);
    if (!term) return false;
    if (const ir::Node* erf = producer(*term, "erf")) return !tanh && is_power(erf->inputs[0], x, root, 1);
    const ir::Node* curve = producer(*term, "tanh");
    if (curve == nullptr || !tanh) return false;
    const Product inner = product_of(curve->inputs[0]);
    if (inner.factors.size() != 1 || !near(inner.scale, std::sqrt(2 / std::numbers::pi))) return false;
    const ir::Node* sum = producer(inner.factors[0], "add");
    for (size_t i = 0; sum != nullptr && i < 2; ++i) {
      if (sum->inputs[i] == x && is_power(sum->inputs[1 - i], x, kCube, 3)) return true;
    }
    return false;
  }

  const ir::Graph& graph_;
};

void run(ir::Graph& graph) {
  bool any = false;
  const size_t count = graph.nodes().size();
  for (size_t i = 0; i < count; ++i) {
    const ir::Node node = graph.nodes()[i];  // a copy: adding nodes moves the list
    if (node.op->name != "mul") continue;
    bool approximate = false;
    const auto x = Matcher(graph).gelu_of(node.outputs[0], approximate);
    if (!x || !(graph.type(*x) == graph.type(node.outputs[0]))) continue;
    graph.set_layer(node.layer);
    ir::GraphBuilder builder(graph);
    graph.replace_uses(node.outputs[0], builder.op("gelu", {*x}, {{"approximate", approximate}}));
    any = true;
  }
  if (any) graph.sort();
}

}  // namespace

CORNU_PASS(fuse_gelu) = {
    .name = "fuse_gelu", .description = "joins the products that make a GELU", .order = 42, .run = run};

}  // namespace cornu::passes
