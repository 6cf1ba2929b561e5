#include "tensorflow/late.h"

#include <algorithm>

#include "dynamic/late.h"

namespace cornu::tensorflow {
namespace {

class LateNode final : public dynamic::LateObject {
 public:
  LateNode(const NodeDef& node, const TfOpDef* op, const ir::OpDef* plain)
      : node_(node), op_(op), plain_(plain) {}

  const NodeDef& node() const { return node_; }

  std::vector<Tensor> compute(dynamic::Call& call) const override {
    if (plain_ != nullptr) {
      ir::Node node{};
      node.op = plain_;
      node.layer = node_.name;
      return call.host.run_op(node, std::move(call.in));
    }
    return op_->compute != nullptr ? op_->compute(node_, call) : lower(call);
  }

 private:
  // The inputs are constants, so every op that the lowering writes is run at once.
  std::vector<Tensor> lower(dynamic::Call& call) const {
    ir::Graph graph;
    const auto run_now = [&](const ir::Node& node,
                             std::vector<Tensor> inputs) -> std::optional<std::vector<Tensor>> {
      for (const Tensor& input : inputs) {
        if (input.data == nullptr && input.shape.elements() > 0) return std::nullopt;
      }
      return call.host.run_op(node, std::move(inputs));
    };
    OpBuilder builder(graph, run_now);
    std::vector<Value> in;
    for (Tensor& input : call.in) in.push_back(graph.add_constant(std::move(input)));
    NodeCall lowered(node_, std::move(in), builder);
    const std::vector<Value> out = op_->lower(lowered);
    bool folded = true;
    for (Value value : out) folded = folded && graph.constant(value) != nullptr;
    std::vector<Tensor> results;
    if (folded) {
      for (Value value : out) results.push_back(*graph.constant(value));
      return results;
    }
    // Ops without inputs, such as random numbers, do not fold.
    return dynamic::run_nodes(call.host, graph, {}, out);
  }

  const NodeDef node_;
  const TfOpDef* op_;
  const ir::OpDef* plain_;
};

// What a node's outputs are, where attributes and known inputs tell it before the run.
std::vector<dynamic::MaybeType> declared_types(const OpBuilder& g, const NodeDef& node,
                                               const std::vector<Value>& in, size_t outputs) {
  std::vector<dynamic::MaybeType> types(outputs);
  if (node.op == "TensorListGetItem" && in.size() == 3) {
    const Tensor* sizes = g.known(in[2]);
    const DType dtype = node.dtype("element_dtype");
    if (sizes != nullptr && sizes->shape.rank() == 1 && dtype != kVariant) {
      Shape shape(to_ints(*sizes));
      for (int axis = 0; axis < shape.rank(); ++axis) shape[axis] = std::max(shape[axis], Shape::kUnknown);
      types[0] = TensorType{dtype, shape};
    }
  }
  return types;
}

const ir::Node* late_op(const ir::Graph& graph, Value value) {
  const int32_t index = graph.info(value).node;
  if (index < 0) return nullptr;
  const ir::Node& node = graph.nodes()[static_cast<size_t>(index)];
  return node.op->name == "late" ? &node : nullptr;
}

}  // namespace

const NodeDef* late_node(const ir::Graph& graph, Value value) {
  const ir::Node* op = late_op(graph, value);
  if (op == nullptr) return nullptr;
  const auto* object = dynamic_cast<const LateNode*>(variants_of(*graph.constant(op->inputs[0]))[0].get());
  return object == nullptr ? nullptr : &object->node();
}

std::vector<Value> late_inputs(const ir::Graph& graph, Value value) {
  const ir::Node* op = late_op(graph, value);
  if (op == nullptr) return {};
  return {op->inputs.begin() + 1, op->inputs.end()};
}

Value late_again(OpBuilder& g, Value value, std::vector<Value> in) {
  const Value object = late_op(g.graph(), value)->inputs[0];
  in.insert(in.begin(), object);
  return g.dynamic_op("late", std::move(in), {dynamic::MaybeType()})[0];
}

std::vector<Value> add_late(OpBuilder& g, const NodeDef& node, const TfOpDef* op, const ir::OpDef* plain,
                            std::vector<Value> in, const std::vector<dynamic::MaybeType>& types) {
  in.insert(in.begin(), g.object(std::make_shared<LateNode>(node, op, plain)));
  return g.dynamic_op("late", std::move(in), types);
}

std::vector<Value> add_late(OpBuilder& g, const NodeDef& node, const TfOpDef* op, const ir::OpDef* plain,
                            std::vector<Value> in, size_t outputs) {
  if (node.op == "TensorListStack" && outputs == 1 && !in.empty()) {
    // Of a list that a tensor was taken apart into: the tensor.
    const NodeDef* from = late_node(g.graph(), in[0]);
    if (from != nullptr && from->op == "TensorListFromTensor") return {late_inputs(g.graph(), in[0]).at(0)};
  }
  const std::vector<dynamic::MaybeType> types = declared_types(g, node, in, outputs);
  return add_late(g, node, op, plain, std::move(in), types);
}

}  // namespace cornu::tensorflow
