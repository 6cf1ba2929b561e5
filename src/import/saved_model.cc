#include "import/saved_model.h"

#include <algorithm>
#include <set>

#include "base/fail.h"
#include "formats/proto.h"
#include "tensorflow/object_graph.h"

namespace cornu::import {
namespace {

using tensorflow::MetaGraph;
using tensorflow::Signature;
using tensorflow::TensorInfo;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += fmt::format("{}'{}'", text.empty() ? "" : ", ", name);
  return text.empty() ? "none" : text;
}

MetaGraph choose(std::vector<MetaGraph> graphs, const std::vector<std::string>& tags,
                 const std::string& path) {
  std::vector<std::string> known;
  const auto has_all = [](const MetaGraph& graph, const std::vector<std::string>& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& tag) {
      return std::find(graph.tags.begin(), graph.tags.end(), tag) != graph.tags.end();
    });
  };
  if (tags.empty() && graphs.size() == 1) return std::move(graphs[0]);
  MetaGraph* best = nullptr;
  for (MetaGraph& graph : graphs) {
    std::string set;
    for (const std::string& tag : graph.tags) set += (set.empty() ? "" : ",") + tag;
    known.push_back(set);
    const std::vector<std::string> wanted = tags.empty() ? std::vector<std::string>{"serve"} : tags;
    // The smallest set that holds all: "serve" rather than "serve, gpu".
    if (has_all(graph, wanted) && (best == nullptr || graph.tags.size() < best->tags.size())) best = &graph;
  }
  if (best == nullptr)
    fail(ErrorCode::bad_argument, path, "the model has no graph with the tags {}; it has {}", joined(tags),
         joined(known));
  return std::move(*best);
}

std::string_view text_of(const formats::GraphBytes& graph) {
  return {reinterpret_cast<const char*>(graph.bytes.data()), graph.bytes.size()};
}

tensorflow::Request request_of(const Signature& signature) {
  tensorflow::Request request;
  for (const TensorInfo& input : signature.inputs) {
    if (input.tensor.empty()) {
      const auto rank = input.shape ? input.shape->rank() : Shape::kUnknown;
      request.feeds.push_back(
          {input.sparse_indices, input.name + "_indices", DType::int64, Shape{-1, rank}, false});
      request.feeds.push_back({input.sparse_values, input.name + "_values", input.dtype, Shape{-1}, false});
      request.feeds.push_back({input.sparse_shape, input.name + "_shape", DType::int64, Shape{rank}, false});
    } else {
      request.feeds.push_back({input.tensor, input.name, input.dtype, input.shape, !input.shape});
    }
  }
  for (const TensorInfo& output : signature.outputs) {
    if (output.tensor.empty()) {
      request.fetches.push_back({output.sparse_indices, output.name + "_indices"});
      request.fetches.push_back({output.sparse_values, output.name + "_values"});
      request.fetches.push_back({output.sparse_shape, output.name + "_shape"});
    } else {
      request.fetches.push_back({output.tensor, output.name});
    }
  }
  return request;
}

}  // namespace

SavedModel::SavedModel(const formats::ModelFile& file, const std::string& path,
                       const std::vector<std::string>& tags)
    : path_(path),
      meta_(choose(tensorflow::decode_saved_model(text_of(file.graph), file.graph.owner, path), tags, path)),
      graph_(meta_.graph, file.graph.owner, file.graph.in_place, path),
      variables_(file.variables),
      assets_(file.assets) {
  std::sort(variables_.begin(), variables_.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  environment_.checkpoint = [this](std::string_view key) -> std::optional<Tensor> {
    const auto found =
        std::lower_bound(variables_.begin(), variables_.end(), key,
                         [](const auto& named, std::string_view wanted) { return named.name < wanted; });
    if (found == variables_.end() || found->name != key) return std::nullopt;
    return found->tensor;
  };
  environment_.asset = [this](std::string_view name) -> std::string_view {
    const std::string_view last = name.substr(name.find_last_of('/') + 1);
    for (const formats::SideFile& asset : assets_) {
      if (asset.name != last) continue;
      StoragePtr& file_bytes = opened_[asset.name];
      if (!file_bytes) file_bytes = map_file(asset.path);
      return {reinterpret_cast<const char*>(file_bytes->bytes().data()), file_bytes->bytes().size()};
    }
    fail(ErrorCode::not_found, path_, "the model needs the asset '{}', which its folder does not hold", last);
  };
  if (!restore_captures()) set_up(meta_.restore);
  set_up(meta_.initialize);
  find_changing_variables();
}

// TensorFlow goes by the objects that a function's last arguments are, not by the function that restores: what
// tf.saved_model.save makes of a Keras 3 model restores other variables than its functions use.
bool SavedModel::restore_captures() {
  const auto stored = environment_.checkpoint("_CHECKPOINTABLE_OBJECT_GRAPH");
  if (meta_.object_graph.empty() || !stored || stored->dtype != DType::string ||
      stored->shape.elements() != 1)
    return false;
  const tensorflow::ObjectGraph objects = tensorflow::decode_object_graph(meta_.object_graph, path_);
  const std::vector<std::string> keys = tensorflow::checkpoint_keys(objects, strings_of(*stored)[0], path_);
  const std::set<std::string, std::less<>> restoring(meta_.restore.begin(), meta_.restore.end());
  bool all = true;
  for (const tensorflow::NodeDef& node : graph_.nodes().nodes()) {
    if (!node.op.ends_with("PartitionedCall") || restoring.contains(node.name)) continue;
    const auto function = objects.captures.find(node.function("f"));
    if (function == objects.captures.end()) continue;  // what saves
    if (function->second.size() > node.inputs.size()) return false;
    const size_t first = node.inputs.size() - function->second.size();
    for (size_t i = 0; i < function->second.size(); ++i) {
      const tensorflow::NodeDef* handle = graph_.nodes().find(node.inputs[first + i]);
      if (handle == nullptr || handle->op == "Const") continue;
      const auto value =
          handle->op == "VarHandleOp" ? environment_.checkpoint(keys[function->second[i]]) : std::nullopt;
      if (value) tensorflow::declare_variable(environment_, *handle)->value = *value;
      all = all && value.has_value();
    }
  }
  return all;
}

std::vector<SavedVariable> SavedModel::variables() const {
  std::vector<SavedVariable> all;
  const auto add = [&](const std::string& name, bool trainable, const std::optional<Tensor>& value) {
    if (value && value->dtype != DType::string) all.push_back({name, trainable, *value});
  };
  const auto stored = environment_.checkpoint("_CHECKPOINTABLE_OBJECT_GRAPH");
  if (meta_.object_graph.empty() || !stored || stored->dtype != DType::string ||
      stored->shape.elements() != 1) {
    for (const auto& [name, tensor] : variables_) add(name, true, tensor);
    return all;
  }
  const tensorflow::ObjectGraph objects = tensorflow::decode_object_graph(meta_.object_graph, path_);
  const std::vector<std::string> keys = tensorflow::checkpoint_keys(objects, strings_of(*stored)[0], path_);
  for (size_t i = 0; i < objects.objects.size(); ++i) {
    const tensorflow::SavedObject& object = objects.objects[i];
    if (object.kind == tensorflow::SavedObject::Kind::variable && !keys[i].empty())
      add(object.name, object.trainable, environment_.checkpoint(keys[i]));
  }
  return all;
}

// Whether a signature may assign variables, as far as the names of ops tell without decoding functions: in TensorFlow 2 models
// only functions assign, and the one that restores does not count.
bool SavedModel::may_assign() const {
  if (meta_.object_graph.empty()) return true;
  std::set<std::string_view> restoring;
  for (const std::string& name : meta_.restore) {
    const tensorflow::NodeDef* node = graph_.nodes().find(name);
    if (node != nullptr && node->has("f")) restoring.insert(node->function("f"));
  }
  return read_proto(meta_.graph, path_, [&](protozero::pbf_reader graph) {
    while (graph.next(2)) {  // the library
      protozero::pbf_reader library(view_of(graph));
      while (library.next(1)) {
        const std::string_view function = view_of(library);
        protozero::pbf_reader reader(function);
        std::string_view name;
        if (reader.next(1)) {
          protozero::pbf_reader signature(view_of(reader));
          if (signature.next(1)) name = view_of(signature);
        }
        const bool assigns =
            function.find("Assign") != function.npos || function.find("ApplyGradient") != function.npos;
        if (assigns && !restoring.contains(name)) return true;
      }
    }
    return false;
  });
}

// A variable that any signature assigns is no constant in the others.
void SavedModel::find_changing_variables() {
  if (meta_.signatures.size() < 2 || !may_assign()) return;
  for (const Signature& signature : meta_.signatures) {
    try {
      import(signature);
    } catch (const Error&) {
      // It is told when this signature is asked for.
    }
  }
}

void SavedModel::set_up(const std::vector<std::string>& targets) {
  if (targets.empty()) return;
  tensorflow::Request request;
  request.targets = targets;
  if (!meta_.checkpoint_tensor.empty())
    request.constants.emplace_back(meta_.checkpoint_tensor, string_tensor({"variables"}, {}));
  for (const auto& [tensor, file] : meta_.assets)
    request.constants.emplace_back(tensor, string_tensor({file}, {}));
  environment_.setup = true;
  tensorflow::import_graph(graph_, environment_, request);
  environment_.setup = false;
}

const Signature& SavedModel::signature(const std::string& name) const {
  const auto& all = meta_.signatures;
  const std::string wanted = name.empty() || name == "*" ? "serving_default" : name;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Signature& s) { return s.name == wanted; });
  if (found != all.end()) return *found;
  if (name == "*" && !all.empty()) return all[0];
  if (name.empty() && all.size() == 1) return all[0];
  std::vector<std::string> known;
  for (const Signature& signature : all) known.push_back(signature.name);
  fail(ErrorCode::bad_argument, path_, "the model has no signature '{}'; its signatures are {}", wanted,
       joined(known));
}

ir::Graph SavedModel::import_signature(const std::string& name, const tensorflow::Request& request) {
  const std::lock_guard lock(mutex_);
  try {
    return tensorflow::import_graph(graph_, environment_, request);
  } catch (const Error& error) {
    throw error.within(fmt::format("signature {}", name));
  }
}

TensorflowModel SavedModel::import(const Signature& signature) {
  tensorflow::Request request = request_of(signature);
  TensorflowModel model;
  for (const tensorflow::Feed& feed : request.feeds)
    model.inputs.push_back({feed.name, feed.dtype.value_or(DType::float32), feed.shape});
  for (const TensorInfo& output : signature.outputs) {
    if (output.tensor.empty()) {
      model.outputs.push_back({output.name + "_indices", DType::int64, {}});
      model.outputs.push_back({output.name + "_values", output.dtype, {}});
      model.outputs.push_back({output.name + "_shape", DType::int64, {}});
    } else {
      model.outputs.push_back({output.name, output.dtype, output.shape});
    }
  }
  model.graph = import_signature(signature.name, request);
  // While the constructor runs there is no owner yet, and nobody who would call this.
  model.specialise = [self = weak_from_this().lock(), name = signature.name,
                      request = std::move(request)](std::span<const TensorType> inputs) {
    return self->import_signature(name, with_types(request, inputs));
  };
  model.state = environment_.state;
  model.weight_bytes = count_weights(model.graph, variables_);
  return model;
}

}  // namespace cornu::import
