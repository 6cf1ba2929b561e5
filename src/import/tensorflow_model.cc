#include "import/tensorflow_model.h"

#include <algorithm>
#include <mutex>
#include <unordered_set>

#include "base/fail.h"

namespace cornu::import {
namespace {

using tensorflow::Feed;
using tensorflow::Fetch;
using tensorflow::NodeDef;

std::string_view node_name(std::string_view tensor) {
  return tensor.substr(0, tensor.find(':'));
}

// A graph and what importing it again needs.
struct FrozenGraph {
  FrozenGraph(std::string_view bytes, const std::shared_ptr<const void>& owner, bool in_place,
              const std::string& path)
      : graph(bytes, owner, in_place, path) {}

  std::mutex mutex;
  tensorflow::GraphDef graph;
  tensorflow::Environment environment;
  tensorflow::Request request;
};

// Tensors that no node takes: what a graph without signatures computes.
std::vector<Fetch> end_tensors(const tensorflow::GraphDef& graph) {
  std::unordered_set<std::string_view> used;
  for (const NodeDef& node : graph.nodes().nodes()) {
    for (std::string_view input : node.inputs)
      used.insert(node_name(input.starts_with('^') ? input.substr(1) : input));
  }
  std::vector<Fetch> ends;
  for (const NodeDef& node : graph.nodes().nodes()) {
    const bool gives_nothing =
        node.op == "NoOp" || node.op == "Assert" || node.op == "Const" || node.op == "Placeholder";
    if (!gives_nothing && !used.contains(node.name))
      ends.push_back({std::string(node.name), std::string(node.name)});
  }
  return ends;
}

TensorflowPort port_of(const ir::Graph& graph, const ir::GraphInput& port) {
  const TensorType& type = graph.type(port.value);
  if (!dynamic::is_typed(graph, port.value)) return {port.name, DType::float32, {}};
  return {port.name, type.dtype, type.shape};
}

}  // namespace

tensorflow::Request with_types(tensorflow::Request request, std::span<const TensorType> inputs) {
  for (size_t i = 0; i < request.feeds.size() && i < inputs.size(); ++i) {
    request.feeds[i].shape = inputs[i].shape;
    request.feeds[i].any_rank = false;
  }
  return request;
}

WeightBytes count_weights(const ir::Graph& graph, std::span<const formats::NamedTensor> variables) {
  WeightBytes bytes;
  std::unordered_set<const std::byte*> stored;
  for (const auto& [name, tensor] : variables) stored.insert(tensor.data);
  std::unordered_set<const std::byte*> counted;  // a variable is read by several nodes
  for (const ir::ValueInfo& value : graph.values()) {
    if (!value.is_constant || value.type.dtype == DType::string || value.type.dtype == kVariant) continue;
    // What importing computed of weights, such as the scale of a batch normalisation, is none.
    const bool computed =
        !variables.empty() && !value.constant.in_place && !stored.contains(value.constant.data);
    if (computed || !counted.insert(value.constant.data).second) continue;
    bytes.total += value.constant.size_bytes();
    if (value.constant.in_place) bytes.in_place += value.constant.size_bytes();
  }
  return bytes;
}

TensorflowModel import_graph_def(const formats::ModelFile& file, const std::string& path,
                                 const TensorflowOptions& options) {
  const std::string_view bytes{reinterpret_cast<const char*>(file.graph.bytes.data()),
                               file.graph.bytes.size()};
  const auto source = std::make_shared<FrozenGraph>(bytes, file.graph.owner, file.graph.in_place, path);
  const tensorflow::GraphDef& graph = source->graph;
  tensorflow::Request& request = source->request;
  for (const std::string& name : options.outputs) request.fetches.push_back({name, name});
  if (request.fetches.empty()) request.fetches = end_tensors(graph);
  if (request.fetches.empty())
    fail(ErrorCode::bad_file, path, "the graph has no node that computes anything");
  request.feeds = tensorflow::needed_placeholders(graph, request.fetches);
  for (const std::string& name : options.feeds) {
    const NodeDef* node = graph.nodes().find(node_name(name));
    const auto same = [&](const Feed& feed) { return feed.tensor == name; };
    if (node == nullptr || std::any_of(request.feeds.begin(), request.feeds.end(), same)) continue;
    Feed feed{name, name, {}, {}, true};
    if (node->has("value")) {  // a constant that is replaced keeps its type, not its shape
      feed.dtype = node->tensor("value").dtype;
    }
    request.feeds.push_back(std::move(feed));
  }
  TensorflowModel model;
  model.graph = tensorflow::import_graph(graph, source->environment, request);
  model.state = source->environment.state;
  model.specialise = [source](std::span<const TensorType> inputs) {
    const std::lock_guard lock(source->mutex);
    return tensorflow::import_graph(source->graph, source->environment, with_types(source->request, inputs));
  };
  for (const ir::GraphInput& input : model.graph.inputs())
    model.inputs.push_back(port_of(model.graph, input));
  for (const ir::GraphOutput& output : model.graph.outputs())
    model.outputs.push_back(port_of(model.graph, output));
  for (size_t i = 0; i < model.inputs.size() && i < request.feeds.size(); ++i) {
    const NodeDef* node = graph.nodes().find(node_name(request.feeds[i].tensor));
    model.inputs[i].dtype = request.feeds[i].dtype.value_or(node->dtype("dtype"));
  }
  model.weight_bytes = count_weights(model.graph);
  return model;
}

}  // namespace cornu::import
