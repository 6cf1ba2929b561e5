#include "ir/graph.h"

#include <algorithm>

#include "base/fail.h"

namespace cornu::ir {

Value Graph::new_value(TensorType type, int32_t node, int32_t output) {
  ValueInfo info;
  info.type = type;
  info.node = node;
  info.output = output;
  values_.push_back(std::move(info));
  return {static_cast<int32_t>(values_.size() - 1)};
}

Value Graph::add_input(std::string name, DType dtype, const Shape& shape) {
  const Value value = new_value({dtype, shape}, -1, 0);
  inputs_.push_back({std::move(name), value});
  return value;
}

Value Graph::add_constant(Tensor tensor) {
  const Value value = new_value({tensor.dtype, tensor.shape}, -1, 0);
  make_constant(value, std::move(tensor));
  return value;
}

void Graph::make_constant(Value value, Tensor tensor) {
  ValueInfo& info = values_[static_cast<size_t>(value.id)];
  info.type = {tensor.dtype, tensor.shape};
  info.constant = std::move(tensor);
  info.is_constant = true;
  info.node = -1;
}

std::vector<TensorType> infer_types(const Node& node, std::span<const TensorType> in,
                                    std::span<const Tensor* const> constants) {
  const auto count = static_cast<int>(in.size());
  if (count < node.op->min_inputs || (node.op->max_inputs >= 0 && count > node.op->max_inputs)) {
    fail(ErrorCode::internal, node.layer, "op {} takes {} to {} inputs, received {}", node.op->name,
         node.op->min_inputs, node.op->max_inputs, count);
  }
  InferContext context{in, constants, node.attrs, {}};
  try {
    node.op->infer(context);
  } catch (const Error& error) {
    if (node.layer.empty()) throw;
    throw error.within(node.layer);
  }
  return std::move(context.out);
}

std::vector<Value> Graph::add_node(const OpDef& op, std::vector<Value> inputs, Attrs attrs) {
  Node node{&op, std::move(attrs), std::move(inputs), {}, layer_};
  std::vector<TensorType> in;
  std::vector<const Tensor*> constants;
  for (Value value : node.inputs) {
    in.push_back(type(value));
    constants.push_back(constant(value));
  }
  const std::vector<TensorType> out = infer_types(node, in, constants);
  const auto index = static_cast<int32_t>(nodes_.size());
  for (size_t i = 0; i < out.size(); ++i)
    node.outputs.push_back(new_value(out[i], index, static_cast<int32_t>(i)));
  std::vector<Value> outputs = node.outputs;
  nodes_.push_back(std::move(node));
  return outputs;
}

void Graph::replace_uses(Value from, Value to) {
  for (Node& node : nodes_) std::replace(node.inputs.begin(), node.inputs.end(), from, to);
  for (GraphOutput& output : outputs_) {
    if (output.value == from) output.value = to;
  }
}

void Graph::replace_outputs(std::function<Value(Value)> map) {
  for (GraphOutput& output : outputs_) output.value = map(output.value);
}

std::vector<int32_t> Graph::count_uses() const {
  std::vector<int32_t> uses(values_.size(), 0);
  for (const Node& node : nodes_) {
    for (Value value : node.inputs) ++uses[static_cast<size_t>(value.id)];
  }
  for (const GraphOutput& output : outputs_) ++uses[static_cast<size_t>(output.value.id)];
  return uses;
}

void Graph::remove_nodes(const std::vector<bool>& dead) {
  size_t kept = 0;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (dead[i]) continue;
    if (kept != i) nodes_[kept] = std::move(nodes_[i]);
    for (Value value : nodes_[kept].outputs)
      values_[static_cast<size_t>(value.id)].node = static_cast<int32_t>(kept);
    ++kept;
  }
  nodes_.resize(kept);
  nodes_.shrink_to_fit();
  values_.shrink_to_fit();
}

void Graph::sort() {
  // Depth first over producers, in the present order, without recursion: a node may sit after a user of its
  // output.
  std::vector<Node> old = std::move(nodes_);
  nodes_.clear();
  std::vector<int32_t> producer(values_.size(), -1);
  for (size_t i = 0; i < old.size(); ++i) {
    for (Value value : old[i].outputs) producer[static_cast<size_t>(value.id)] = static_cast<int32_t>(i);
  }
  std::vector<char> state(old.size(), 0);  // 0 new, 1 on the stack, 2 placed
  std::vector<size_t> stack;
  for (size_t start = 0; start < old.size(); ++start) {
    stack.push_back(start);
    while (!stack.empty()) {
      const size_t index = stack.back();
      if (state[index] == 2) {
        stack.pop_back();
        continue;
      }
      bool ready = true;
      for (Value value : old[index].inputs) {
        const int32_t from = producer[static_cast<size_t>(value.id)];
        if (from < 0 || state[static_cast<size_t>(from)] == 2) continue;
        if (state[static_cast<size_t>(from)] == 1)
          fail(ErrorCode::internal, old[index].layer, "the graph has a cycle");
        stack.push_back(static_cast<size_t>(from));
        ready = false;
      }
      state[index] = 1;
      if (!ready) continue;
      state[index] = 2;
      stack.pop_back();
      for (Value value : old[index].outputs) {
        values_[static_cast<size_t>(value.id)].node = static_cast<int32_t>(nodes_.size());
      }
      nodes_.push_back(std::move(old[index]));
    }
  }
}

void verify(const Graph& graph) {
  std::vector<bool> made(graph.values().size(), false);
  for (size_t i = 0; i < graph.values().size(); ++i) made[i] = graph.values()[i].is_constant;
  for (const GraphInput& input : graph.inputs()) made[static_cast<size_t>(input.value.id)] = true;
  for (size_t index = 0; index < graph.nodes().size(); ++index) {
    const Node& node = graph.nodes()[index];
    std::vector<TensorType> in;
    std::vector<const Tensor*> constants;
    for (Value value : node.inputs) {
      if (!value.valid() || static_cast<size_t>(value.id) >= made.size() ||
          !made[static_cast<size_t>(value.id)]) {
        fail(ErrorCode::internal, node.layer, "op {} (node {}) uses %{} before it is made", node.op->name,
             index, value.id);
      }
      in.push_back(graph.type(value));
      constants.push_back(graph.constant(value));
    }
    const auto out = infer_types(node, in, constants);
    if (out.size() != node.outputs.size()) {
      fail(ErrorCode::internal, node.layer, "op {} has {} outputs, its rule says {}", node.op->name,
           node.outputs.size(), out.size());
    }
    for (size_t i = 0; i < out.size(); ++i) {
      const ValueInfo& info = graph.info(node.outputs[i]);
      if (!info.is_constant && info.node != static_cast<int32_t>(index)) {
        fail(ErrorCode::internal, node.layer, "%{} names node {} as its producer, not {}", node.outputs[i].id,
             info.node, index);
      }
      if (!(out[i] == info.type)) {
        fail(ErrorCode::internal, node.layer, "%{} of op {} is recorded as {}, its rule says {}",
             node.outputs[i].id, node.op->name, info.type.shape.to_string(), out[i].shape.to_string());
      }
      made[static_cast<size_t>(node.outputs[i].id)] = true;
    }
  }
  for (const GraphOutput& output : graph.outputs()) {
    if (!made[static_cast<size_t>(output.value.id)])
      fail(ErrorCode::internal, output.name, "an output of the graph is never made");
  }
}

}  // namespace cornu::ir
