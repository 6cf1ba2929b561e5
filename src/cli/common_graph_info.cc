#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/json.h"
#include "cli/graph_info.h"
#include "cli/text.h"
#include "export/fingerprint.h"
#include "tensorflow/saved_model.h"

namespace cornu::cli {
namespace {

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<PortInfo> ports(const std::vector<tensorflow::TensorInfo>& infos) {
  std::vector<PortInfo> all;
  for (const tensorflow::TensorInfo& info : infos) {
    const Shape shape = info.shape.value_or(Shape{});
    all.push_back({info.name, info.dtype, {shape.begin(), shape.end()}, !info.shape.has_value()});
  }
  return all;
}

void count_ops(const tensorflow::GraphDef& graph, std::map<std::string, int64_t>& ops) {
  for (const tensorflow::NodeDef& node : graph.nodes().nodes()) ++ops[std::string(node.op)];
  for (std::string_view name : graph.function_names()) {
    for (const tensorflow::NodeDef& node : graph.function(name)->body.nodes()) ++ops[std::string(node.op)];
  }
}

// The layers that Keras noted beside the graph, in the order of their numbers.
void add_layers(const std::vector<tensorflow::KerasObject>& objects, const std::string& path,
                ModelInfo& info) {
  for (const tensorflow::KerasObject& object : objects) {
    const Json metadata = Json::parse(object.metadata, path);
    const auto text = [&](const char* key) {
      return metadata[key].is_string() ? std::string(metadata[key].string()) : std::string();
    };
    if (object.path == "root") {
      info.name = text("name");
      if (!text("class_name").empty()) info.class_name = text("class_name");
      info.keras_version = text("keras_version");
      info.backend = text("backend");
    } else if (object.identifier == "_tf_keras_layer" || object.identifier == "_tf_keras_input_layer" ||
               object.identifier == "_tf_keras_rnn_layer") {
      info.layers.push_back({text("name"), text("class_name"), {}, 0, 0, {}});
    }
  }
}

}  // namespace

GraphInfo describe_graph(const formats::ModelFile& file, const std::string& path) {
  GraphInfo info;
  ModelInfo& model = info.model;
  model.path = path;
  model.format = file.format;
  model.file_bytes = file.file_bytes;
  for (const formats::NamedTensor& variable : file.variables) {
    const Tensor& tensor = variable.tensor;
    model.weights.push_back(
        {variable.name, tensor.dtype, {tensor.shape.begin(), tensor.shape.end()}, true, tensor.in_place});
    model.weights_bytes += tensor.size_bytes();
    model.weights_in_place_bytes += tensor.in_place ? tensor.size_bytes() : 0;
  }
  if (file.format != "saved_model") {
    model.class_name = "GraphDef";
    count_ops(tensorflow::GraphDef(as_text(file.graph.bytes), file.graph.owner, true, path), info.ops);
    return info;
  }
  model.class_name = "SavedModel";
  const std::filesystem::path fingerprint = std::filesystem::path(path) / "fingerprint.pb";
  if (std::filesystem::exists(fingerprint))
    info.fingerprint = exporting::singleprint(as_text(map_file(fingerprint)->bytes()), fingerprint.string());
  const auto graphs = tensorflow::decode_saved_model(as_text(file.graph.bytes), file.graph.owner, path);
  for (const tensorflow::MetaGraph& graph : graphs) {
    model.tags.insert(model.tags.end(), graph.tags.begin(), graph.tags.end());
    model.tensorflow_version = graph.tensorflow_version;
    count_ops(tensorflow::GraphDef(graph.graph, file.graph.owner, true, path), info.ops);
    for (const tensorflow::Signature& signature : graph.signatures)
      model.signatures.push_back(
          {signature.name, signature.method, ports(signature.inputs), ports(signature.outputs)});
    StoragePtr metadata;
    for (const formats::SideFile& side : file.side_files) metadata = map_file(side.path);
    add_layers(tensorflow::keras_objects(graph.object_graph,
                                         metadata ? as_text(metadata->bytes()) : std::string_view(), path),
               path, model);
  }
  return info;
}

std::string signatures_text(const ModelInfo& info) {
  std::string text;
  for (const SignatureInfo& signature : info.signatures) {
    text += fmt::format("signature '{}' ({})\n", one_line(signature.name), one_line(signature.method));
    const auto add = [&](const char* word, const std::vector<PortInfo>& ports) {
      for (size_t i = 0; i < ports.size(); ++i) {
        text +=
            fmt::format("  {}_{}: '{}' {} {}\n", word, i, one_line(ports[i].name), dtype_name(ports[i].dtype),
                        ports[i].any_rank ? "of any shape" : shape_text(ports[i].shape));
      }
    };
    add("input", signature.inputs);
    add("output", signature.outputs);
  }
  return text;
}

std::string ops_text(const std::map<std::string, int64_t>& ops) {
  std::vector<std::pair<std::string, int64_t>> sorted(ops.begin(), ops.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [name, count] : sorted)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", one_line(name), count);
  return text;
}

}  // namespace cornu::cli
