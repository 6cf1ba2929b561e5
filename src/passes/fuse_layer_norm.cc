// fuse_layer_norm: the arithmetic that TensorFlow graphs make a layer normalisation of -> layer_norm.
// Proof   with m = mean(x), v = mean((x - m)^2) along the same axes, kept, and i = gamma / sqrt(v + epsilon):
//         x i + (beta - m i) = (x - m) / sqrt(v + epsilon) * gamma + beta, the definition of layer_norm (ops/layer_norm.cc)
#include <optional>

#include "ir/builder.h"
#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Value;

struct Norm {
  Value x;
  Ints axes;
  double epsilon = 0;
  Value gamma, beta;  // not valid() if there is none
};

class Matcher {
 public:
  explicit Matcher(const ir::Graph& graph) : graph_(graph) {}

  std::optional<Norm> norm_of(const ir::Node& sum) const {
    for (size_t i = 0; i < 2; ++i) {
      const ir::Node* scaled = producer(sum.inputs[i], "mul");
      for (size_t k = 0; scaled != nullptr && k < 2; ++k) {
        Norm norm{scaled->inputs[k], {}, 0, {}, {}};
        const Value scale = scaled->inputs[1 - k];
        Value mean;
        if (is_scale(scale, norm, mean) && is_offset(sum.inputs[1 - i], scale, mean, norm)) return norm;
      }
    }
    return std::nullopt;
  }

 private:
  const ir::Node* producer(Value value, std::string_view op) const {
    const int32_t index = graph_.info(value).node;
    if (index < 0 || graph_.constant(value) != nullptr) return nullptr;
    const ir::Node& node = graph_.nodes()[static_cast<size_t>(index)];
    return node.op->name == op ? &node : nullptr;
  }

  // 1 / sqrt(mean((x - mean)^2) + epsilon), times gamma if it is there.
  bool is_scale(Value scale, Norm& norm, Value& mean) const {
    const ir::Node* root = producer(scale, "rsqrt");
    if (const ir::Node* product = producer(scale, "mul")) {
      const size_t at = graph_.constant(product->inputs[0]) != nullptr ? 0 : 1;
      norm.gamma = product->inputs[at];
      if (graph_.constant(norm.gamma) == nullptr) return false;
      root = producer(product->inputs[1 - at], "rsqrt");
    }
    const ir::Node* sum = root == nullptr ? nullptr : producer(root->inputs[0], "add");
    const Tensor* epsilon = sum == nullptr ? nullptr : graph_.constant(sum->inputs[1]);
    if (epsilon == nullptr || epsilon->shape.elements() != 1) return false;
    norm.epsilon = to_doubles(*epsilon)[0];
    const ir::Node* variance = producer(sum->inputs[0], "reduce_mean");
    const ir::Node* squares =
        variance == nullptr ? nullptr : producer(variance->inputs[0], "squared_difference");
    if (squares == nullptr || squares->inputs[0] != norm.x || norm.epsilon < 0) return false;
    mean = squares->inputs[1];
    const ir::Node* middle = producer(mean, "reduce_mean");
    norm.axes = variance->attrs.ints("axes");
    return middle != nullptr && middle->inputs[0] == norm.x && middle->attrs.ints("axes") == norm.axes &&
           middle->attrs.flag("keepdims") && variance->attrs.flag("keepdims");
  }

  bool is_product(Value value, Value a, Value b) const {
    const ir::Node* product = producer(value, "mul");
    return product != nullptr && ((product->inputs[0] == a && product->inputs[1] == b) ||
                                  (product->inputs[0] == b && product->inputs[1] == a));
  }

  // -mean * scale, or -(mean * scale).
  bool is_shift(Value value, Value scale, Value mean) const {
    if (const ir::Node* minus = producer(value, "neg")) return is_product(minus->inputs[0], mean, scale);
    const ir::Node* product = producer(value, "mul");
    for (size_t i = 0; product != nullptr && i < 2; ++i) {
      const ir::Node* minus = producer(product->inputs[i], "neg");
      if (minus != nullptr && minus->inputs[0] == mean && product->inputs[1 - i] == scale) return true;
    }
    return false;
  }

  // beta - mean * scale
  bool is_offset(Value value, Value scale, Value mean, Norm& norm) const {
    if (is_shift(value, scale, mean)) return true;
    if (const ir::Node* difference = producer(value, "sub")) {
      norm.beta = difference->inputs[0];
      return graph_.constant(norm.beta) != nullptr && is_product(difference->inputs[1], mean, scale);
    }
    const ir::Node* sum = producer(value, "add");
    for (size_t i = 0; sum != nullptr && i < 2; ++i) {
      norm.beta = sum->inputs[1 - i];
      if (graph_.constant(norm.beta) != nullptr && is_shift(sum->inputs[i], scale, mean)) return true;
    }
    return false;
  }

  const ir::Graph& graph_;
};

// A constant without leading axes of size 1, which broadcasting adds.
Value without_ones(ir::Graph& graph, Value value) {
  Tensor tensor = *graph.constant(value);
  Shape shape;
  for (const int64_t size : tensor.shape) {
    if (shape.rank() > 0 || size != 1) shape.push_back(size);
  }
  tensor.shape = shape;
  return graph.add_constant(std::move(tensor));
}

void run(ir::Graph& graph) {
  bool any = false;
  const size_t count = graph.nodes().size();
  for (size_t i = 0; i < count; ++i) {
    const ir::Node node = graph.nodes()[i];  // a copy: adding nodes moves the list
    if (node.op->name != "add") continue;
    const auto norm = Matcher(graph).norm_of(node);
    if (!norm || !(graph.type(norm->x) == graph.type(node.outputs[0]))) continue;
    graph.set_layer(node.layer);
    std::vector<Value> inputs{norm->x};
    for (const Value weight : {norm->gamma, norm->beta}) {
      if (weight.valid()) inputs.push_back(without_ones(graph, weight));
    }
    ir::GraphBuilder builder(graph);
    graph.replace_uses(node.outputs[0], builder.op("layer_norm", std::move(inputs),
                                                   {{"axes", norm->axes},
                                                    {"epsilon", norm->epsilon},
                                                    {"has_gamma", norm->gamma.valid()},
                                                    {"has_beta", norm->beta.valid()}}));
    any = true;
  }
  if (any) graph.sort();
}

}  // namespace

CORNU_PASS(fuse_layer_norm) = {.name = "fuse_layer_norm",
                               .description = "joins the arithmetic that makes a layer normalisation",
                               .order = 43,
                               .run = run};

}  // namespace cornu::passes
