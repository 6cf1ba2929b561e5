#include "runtime/dynamic.h"

#include <algorithm>
#include <numeric>

#include "base/fail.h"
#include "runtime/arena.h"

namespace cornu::runtime {
namespace {

bool holds_objects(DType dtype) {
  return dtype == DType::string || dtype == kVariant;
}

bool any_object(std::span<const Tensor> tensors) {
  return std::any_of(tensors.begin(), tensors.end(), [](const Tensor& t) { return holds_objects(t.dtype); });
}

std::vector<TensorType> types_of(std::span<const Tensor> tensors) {
  std::vector<TensorType> types;
  for (const Tensor& tensor : tensors) types.push_back({tensor.dtype, tensor.shape});
  return types;
}

std::vector<TensorType> concrete_types(const ir::Node& node, std::span<const Tensor> inputs) {
  std::vector<const Tensor*> constants;
  for (const Tensor& input : inputs) constants.push_back(&input);
  std::vector<TensorType> out = ir::infer_types(node, types_of(inputs), constants);
  for (const TensorType& type : out) {
    int64_t bytes = 0;
    if (!type.shape.is_known())
      fail(ErrorCode::internal, node.layer, "op {} does not know the size of its result {}", node.op->name,
           type.shape.to_string());
    if (__builtin_mul_overflow(type.shape.elements(), dtype_size(type.dtype), &bytes) ||
        bytes > kMaxArenaBytes) {
      fail(ErrorCode::out_of_memory, node.layer, "a tensor of shape {} is larger than {} bytes",
           type.shape.to_string(), kMaxArenaBytes);
    }
  }
  return out;
}

// The elements with these numbers, counted through all `from` one after the other.
template <class T>
std::vector<T> pick(std::span<const Tensor> from, std::span<const int64_t> numbers) {
  std::vector<const T*> elements;
  for (const Tensor& tensor : from) {
    const auto* first = reinterpret_cast<const T*>(tensor.data);
    for (int64_t i = 0; i < tensor.shape.elements(); ++i) elements.push_back(first + i);
  }
  std::vector<T> picked;
  picked.reserve(numbers.size());
  for (int64_t number : numbers) picked.push_back(*elements[static_cast<size_t>(number)]);
  return picked;
}

}  // namespace

DynamicRun::DynamicRun(const devices::DeviceDef& device, bool fast_kernels, ThreadPool& pool,
                       dynamic::State& state, const RunLimits& limits)
    : device_(device), fast_(fast_kernels), pool_(pool), state_(state), limits_(limits) {}

void DynamicRun::check_limits(int64_t iteration) {
  if (iteration >= limits_.iterations)
    fail(ErrorCode::unsupported, "", "a loop has not ended after {} iterations, the limit",
         limits_.iterations);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started_;
  if (limits_.seconds > 0 && taken.count() > limits_.seconds)
    fail(ErrorCode::unsupported, "", "the run takes longer than {} s, the limit", limits_.seconds);
}

std::vector<Tensor> DynamicRun::run(PreparedGraph& graph, std::vector<Tensor> inputs) {
  started_ = std::chrono::steady_clock::now();
  depth_ = 0;
  root_ = &graph;
  return run_items(graph, std::move(inputs));
}

std::vector<Tensor> DynamicRun::run_body(const Tensor& body, std::vector<Tensor> inputs) {
  return run_items(root_->body(body), std::move(inputs));
}

std::vector<Tensor> DynamicRun::run_items(PreparedGraph& prepared, std::vector<Tensor> inputs) {
  if (++depth_ > limits_.depth)
    fail(ErrorCode::unsupported, "", "functions call each other more than {} levels deep", limits_.depth);
  const ir::Graph& graph = prepared.graph();
  std::vector<Tensor> values(graph.values().size());
  std::vector<int32_t> uses_left = prepared.uses();
  for (size_t i = 0; i < values.size(); ++i) {
    if (graph.values()[i].is_constant && uses_left[i] > 0) values[i] = graph.values()[i].constant;
  }
  for (size_t i = 0; i < graph.inputs().size(); ++i)
    values[static_cast<size_t>(graph.inputs()[i].value.id)] = std::move(inputs[i]);
  const auto take = [&](ir::Value value) {
    const auto id = static_cast<size_t>(value.id);
    return --uses_left[id] == 0 ? std::move(values[id]) : values[id];
  };
  for (const PreparedGraph::Item& item : prepared.items()) {
    const ir::Node* node = item.island != nullptr ? nullptr : &graph.nodes()[static_cast<size_t>(item.node)];
    std::vector<Tensor> in;
    for (ir::Value value : node == nullptr ? item.island->in : node->inputs) in.push_back(take(value));
    if (node != nullptr && std::any_of(in.begin(), in.end(), [](const Tensor& t) { return !t.valid(); })) {
      const dynamic::RunDef* run = dynamic::find_run(*node->op);
      if (run == nullptr || !run->takes_dead) continue;
    }
    std::vector<Tensor> out =
        node == nullptr ? run_island(prepared, *item.island, std::move(in)) : run_op(*node, std::move(in));
    const std::vector<ir::Value>& places = node == nullptr ? item.island->out : node->outputs;
    for (size_t k = 0; k < places.size() && k < out.size(); ++k) {
      const auto id = static_cast<size_t>(places[k].id);
      if (uses_left[id] > 0) values[id] = std::move(out[k]);
    }
  }
  std::vector<Tensor> outputs;
  for (const ir::GraphOutput& output : graph.outputs()) outputs.push_back(take(output.value));
  --depth_;
  return outputs;
}

std::vector<Tensor> DynamicRun::run_island(PreparedGraph& prepared, PreparedGraph::Island& island,
                                           std::vector<Tensor> inputs) {
  const auto plan = prepared.plan(island, types_of(inputs), device_, pool_.threads(), fast_);
  if (plan == nullptr) return dynamic::run_nodes(*this, island.graph, std::move(inputs), island.results);
  if (arena_ == nullptr || static_cast<int64_t>(arena_->bytes().size()) < plan->arena_bytes)
    arena_ = std::make_shared<HeapStorage>(static_cast<size_t>(std::max<int64_t>(plan->arena_bytes, 1)));
  std::vector<Tensor> results;
  std::vector<const std::byte*> in;
  std::vector<std::byte*> out;
  for (const Tensor& input : inputs) in.push_back(input.data);
  for (const TensorType& type : plan->outputs) {
    NewTensor made = new_tensor(type.dtype, type.shape);
    out.push_back(made.data);
    results.push_back(std::move(made.tensor));
  }
  run_plan(*plan, in, out, arena_->data(), pool_);
  return results;
}

std::vector<Tensor> DynamicRun::run_op(const ir::Node& node, std::vector<Tensor> inputs) {
  const ir::OpDef& op = *node.op;
  const dynamic::RunDef* run = dynamic::find_run(op);
  try {
    if (op.reference == nullptr) {
      dynamic::Call call{node, inputs, *this};
      return run->compute(call);
    }
    if (!op.alias && any_object(inputs)) return move_objects(node, inputs);
    return run_kernel(node, inputs);
  } catch (const Error& error) {
    if (node.layer.empty() || error.where().starts_with(node.layer)) throw;
    throw error.within(node.layer);
  }
}

std::vector<Tensor> DynamicRun::run_kernel(const ir::Node& node, std::span<const Tensor> inputs) {
  const std::vector<TensorType> out = concrete_types(node, inputs);
  if (node.op->alias) {
    Tensor view = inputs[0];
    view.shape = out[0].shape;
    return {view};
  }
  const std::vector<TensorType> in = types_of(inputs);
  std::vector<const std::byte*> in_data;
  for (const Tensor& input : inputs) in_data.push_back(input.data);
  const devices::Choice choice =
      device_.choose(*node.op, {in, out, node.attrs, in_data, pool_.threads()}, fast_);
  std::vector<Tensor> results;
  std::vector<std::byte*> out_data;
  for (const TensorType& type : out) {
    NewTensor made = new_tensor(type.dtype, type.shape);
    out_data.push_back(made.data);
    results.push_back(std::move(made.tensor));
  }
  HeapStorage scratch(static_cast<size_t>(choice.prepared.scratch_bytes));
  choice.prepared.run({in_data.data(), out_data.data(), scratch.data(), pool_});
  return results;
}

// An op that takes elements of any type only moves them: it moves their numbers instead, and the elements are fetched by
// number.
std::vector<Tensor> DynamicRun::move_objects(const ir::Node& node, std::span<const Tensor> inputs) {
  std::vector<Tensor> numbered;
  std::vector<Tensor> objects;
  int64_t next = 0;
  for (const Tensor& input : inputs) {
    if (!holds_objects(input.dtype)) {
      numbered.push_back(input);
      continue;
    }
    std::vector<int64_t> numbers(static_cast<size_t>(input.shape.elements()));
    std::iota(numbers.begin(), numbers.end(), next);
    next += input.shape.elements();
    numbered.push_back(tensor_of_ints(numbers, input.shape));
    objects.push_back(input);
  }
  const std::vector<TensorType> types =
      concrete_types(node, inputs);  // refuses strings where they mean nothing
  if (node.op->name == "pad") fail(ErrorCode::unsupported, "", "strings cannot be padded");
  std::vector<Tensor> moved = run_kernel(node, numbered);
  for (size_t i = 0; i < moved.size(); ++i) {
    Tensor& result = moved[i];
    if (!holds_objects(types[i].dtype)) continue;
    const std::vector<int64_t> numbers = to_ints(result);
    result = objects[0].dtype == DType::string
                 ? string_tensor(pick<std::string>(objects, numbers), result.shape)
                 : variant_tensor(pick<VariantPtr>(objects, numbers), result.shape);
  }
  return moved;
}

}  // namespace cornu::runtime
