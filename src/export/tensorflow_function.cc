#include "export/tensorflow_function.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/fail.h"
#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

using layers::LayerInstance;

bool by_name(const ir::GraphInput& a, const ir::GraphInput& b) {
  return a.name < b.name;
}

class Builder {
 public:
  Builder(const import::KerasModel& model, const ir::Graph& graph) : model_(model), graph_(graph) {}

  TfModel run() {
    refuse_missing();
    std::vector<ir::GraphInput> inputs = graph_.inputs();
    std::sort(inputs.begin(), inputs.end(), by_name);
    for (const auto& input : inputs) {
      const TensorType& type = graph_.type(input.value);
      refs_[input.value.id] =
          out_.function.argument(input.name, {"", type_of(type.dtype).number, shape_of(type.shape), 0});
    }
    add_variables(*model_.root, "", true);
    read_variables();
    for (const ir::Node& node : graph_.nodes()) {
      add_constants(node);
      TfCall call(graph_, node, out_.function, out_.library, refs_);
      find_lowering(node.op->name)->lower(call);
    }
    for (const auto& [name, value] : tensorflow_outputs(graph_)) {
      add_constant(value);
      const TfType type = type_of(graph_.type(value).dtype);
      out_.function.result(name, type.number,
                           out_.function.add("Identity", {refs_.at(value.id)}, {{"T", type}}));
    }
    return std::move(out_);
  }

 private:
  void refuse_missing() const {
    std::map<std::string_view, int> missing;
    for (const ir::Node& node : graph_.nodes()) {
      if (find_lowering(node.op->name) == nullptr) ++missing[node.op->name];
    }
    if (missing.empty()) return;
    std::string list;
    for (const auto& [op, count] : missing)
      list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", op, count);
    fail(ErrorCode::unsupported, model_.name, "these ops cannot be written for TensorFlow: {}", list);
  }

  void add_variables(const LayerInstance& layer, const std::string& path, bool trains) {
    trains = trains && layer.trainable;
    for (const layers::WeightSlot& slot : layer.weights) {
      const Tensor* tensor = graph_.constant(slot.value);
      if (tensor == nullptr)
        fail(ErrorCode::bad_argument, layer.name, "the weight {} has no value yet", slot.name);
      std::string name = path + slot.name;
      for (int i = 1; !names_.insert(name).second; ++i) name = path + slot.name + "_" + std::to_string(i);
      slots_.push_back(slot.value);
      out_.variables.push_back({name, *tensor, trains && slot.trainable});
    }
    for (const auto& child : layer.children) add_variables(*child, path + child->name + "/", trains);
  }

  void read_variables() {
    std::vector<Ref> resources;
    for (const TfVariable& variable : out_.variables)
      resources.push_back(out_.function.argument(
          "resource_" + variable.name,
          {"", kResourceType, shape_of(variable.tensor.shape), type_of(variable.tensor.dtype).number}));
    for (size_t i = 0; i < slots_.size(); ++i) {
      refs_[slots_[i].id] =
          out_.function.add("ReadVariableOp", {resources[i]},
                            {{"dtype", type_of(out_.variables[i].tensor.dtype)}}, out_.variables[i].name);
    }
    out_.function.is_stateful = !slots_.empty();
  }

  void add_constant(ir::Value value) {
    if (refs_.contains(value.id)) return;
    if (const Tensor* tensor = graph_.constant(value)) refs_[value.id] = out_.function.constant(*tensor);
  }

  void add_constants(const ir::Node& node) {
    for (const ir::Value value : node.inputs) add_constant(value);
  }

  const import::KerasModel& model_;
  const ir::Graph& graph_;
  TfModel out_;
  std::map<int32_t, Ref> refs_;
  std::vector<ir::Value> slots_;
  std::set<std::string> names_;
};

}  // namespace

std::vector<ir::GraphOutput> tensorflow_outputs(const ir::Graph& graph) {
  std::vector<ir::GraphOutput> outputs;
  for (const auto& output : graph.outputs())
    outputs.push_back({"output_" + std::to_string(outputs.size()), output.value});
  std::sort(outputs.begin(), outputs.end(), by_name);
  return outputs;
}

TfModel tensorflow_model(const import::KerasModel& model, const ir::Graph& graph) {
  return Builder(model, graph).run();
}

}  // namespace cornu::exporting
