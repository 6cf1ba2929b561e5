// cornu inspect MODEL [--config FILE] [--json] [--explain]: what a model file holds, without running it.
// Text: Keras's summary table, inputs, outputs, and how many bytes of the weights are used in place. A file
// that holds weights only needs no config: its tensors are listed instead.
// --json: one object with the keys of model_json(); what a weights-only file does not tell is empty or null.
// --explain: the graph after all passes, and for each node the kernel that serves it and why others do not.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/graph_info.h"
#include "cli/model_arguments.h"
#include "cli/text.h"
#include "formats/model_file.h"

namespace cornu::cli {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

struct Options {
  ModelArguments model;
  bool json = false;
  bool explain = false;
};

struct Params {
  int64_t total = 0;
  int64_t trainable = 0;
};

Params count_params(const std::vector<WeightInfo>& weights) {
  Params params;
  for (const WeightInfo& weight : weights) {
    int64_t size = 1;
    for (const int64_t dim : weight.shape) size *= dim;
    params.total += size;
    if (weight.trainable) params.trainable += size;
  }
  return params;
}

// Facts of a file that no model goes with: every tensor with its name in the file.
ModelInfo describe_weights(const formats::ModelFile& file, const std::string& path) {
  ModelInfo info;
  info.path = path;
  info.format = file.format;
  info.keras_version = file.keras_version;
  info.backend = file.backend;
  info.file_bytes = file.file_bytes;
  const auto add = [&](const std::string& name, const Tensor& tensor) {
    info.weights.push_back(
        {name, tensor.dtype, {tensor.shape.begin(), tensor.shape.end()}, true, tensor.in_place});
    info.weights_bytes += tensor.size_bytes();
    info.weights_in_place_bytes += tensor.in_place ? tensor.size_bytes() : 0;
  };
  for (const formats::LayerWeights& layer : file.layers) {
    for (const formats::NamedTensor& weight : layer.weights)
      add(layer.layer + "/" + weight.name, weight.tensor);
  }
  for (const formats::NamedTensor& variable : file.variables) add(variable.name, variable.tensor);
  return info;
}

Json model_json(const ModelInfo& info) {
  Json inputs = Json::array();
  Json outputs = Json::array();
  Json layers = Json::array();
  Json weights = Json::array();
  for (const PortInfo& port : info.inputs) inputs.push_back(port_json(port));
  for (const PortInfo& port : info.outputs) outputs.push_back(port_json(port));
  for (const LayerInfo& layer : info.layers) {
    layers.push_back({{"name", layer.name},
                      {"class_name", layer.class_name},
                      {"output_shape", shape_json(layer.output_shape)},
                      {"params", layer.params},
                      {"depth", layer.depth},
                      {"inputs", layer.inputs}});
  }
  for (const WeightInfo& weight : info.weights) {
    weights.push_back({{"name", weight.name},
                       {"dtype", dtype_name(weight.dtype)},
                       {"shape", shape_json(weight.shape)},
                       {"trainable", weight.trainable},
                       {"in_place", weight.in_place}});
  }
  const Params params = count_params(info.weights);
  return {{"path", info.path},
          {"format", info.format},
          {"name", info.name},
          {"class_name", info.class_name},
          {"keras_version", info.keras_version},
          {"backend", info.backend},
          {"inputs", inputs},
          {"outputs", outputs},
          {"layers", layers},
          {"weights", weights},
          {"params", params.total},
          {"trainable_params", params.trainable},
          {"file_bytes", info.file_bytes},
          {"weights_bytes", info.weights_bytes},
          {"weights_in_place_bytes", info.weights_in_place_bytes}};
}

std::string ports_text(const char* word, const std::vector<PortInfo>& ports) {
  std::string text;
  for (size_t i = 0; i < ports.size(); ++i) {
    text += fmt::format("{}_{}: '{}' {} {}\n", word, i, one_line(ports[i].name), dtype_name(ports[i].dtype),
                        shape_text(ports[i].shape));
  }
  return text;
}

std::string heading(const ModelInfo& info) {
  std::string text = one_line(info.path) + ": ";
  text += info.class_name.empty() ? "weights without a model config"
                                  : fmt::format("{} '{}'", one_line(info.class_name), one_line(info.name));
  text += fmt::format("\nformat {}, {}", info.format,
                      info.keras_version.empty() ? "Keras version not recorded"
                                                 : "written by Keras " + one_line(info.keras_version));
  return text + (info.backend.empty() ? "" : fmt::format(" ({})", one_line(info.backend))) + "\n\n";
}

std::string layer_table(const ModelInfo& info) {
  Rows rows = {{"Layer (type)", "Output shape", "Params", "Connected to"}};
  for (const LayerInfo& layer : info.layers) {
    const std::string indent(static_cast<size_t>(2 * layer.depth), ' ');
    std::string inputs;
    for (const std::string& input : layer.inputs) inputs += (inputs.empty() ? "" : ", ") + input;
    rows.push_back({fmt::format("{}{} ({})", indent, layer.name, layer.class_name),
                    layer.output_shape.empty() ? "" : shape_text(layer.output_shape),
                    count_text(layer.params), inputs});
  }
  return table_text(rows, {2});
}

std::string weight_table(const ModelInfo& info) {
  Rows rows = {{"Weight", "Type", "Shape", "Elements"}};
  for (const WeightInfo& weight : info.weights) {
    rows.push_back({weight.name, std::string(dtype_name(weight.dtype)), shape_text(weight.shape),
                    count_text(count_params({weight}).total)});
  }
  return table_text(rows, {3});
}

void print_text(const ModelInfo& info) {
  const Params params = count_params(info.weights);
  fmt::print("{}{}", heading(info), info.layers.empty() ? weight_table(info) : layer_table(info));
  fmt::print("\nparams: {} ({} trainable)\n", count_text(params.total), count_text(params.trainable));
  fmt::print("{}{}", ports_text("input", info.inputs), ports_text("output", info.outputs));
  const double share = info.weights_bytes == 0 ? 100.0
                                               : 100.0 * static_cast<double>(info.weights_in_place_bytes) /
                                                     static_cast<double>(info.weights_bytes);
  fmt::print("weights: {} of {} used in place ({:.1f} %); file: {}\n",
             bytes_text(info.weights_in_place_bytes), bytes_text(info.weights_bytes), share,
             bytes_text(info.file_bytes));
}

ModelInfo read_info(const ModelArguments& arguments) {
  if (arguments.config.empty()) {
    const formats::ModelFile file = formats::read_model_file(arguments.model);
    if (file.config.empty()) return describe_weights(file, arguments.model);
  }
  return Model::load(arguments.model, arguments.load_options()).info();
}

Json ports_json(const std::vector<PortInfo>& ports) {
  Json all = Json::array();
  for (const PortInfo& port : ports) all.push_back(port_json(port));
  return all;
}

void inspect_graph(const formats::ModelFile& file, const Options& options) {
  const GraphInfo info = describe_graph(file, options.model.model);
  const ModelInfo& model = info.model;
  if (options.json) {
    Json json = model_json(model);
    Json signatures = Json::array();
    for (const SignatureInfo& signature : model.signatures) {
      signatures.push_back({{"name", signature.name},
                            {"method", signature.method},
                            {"inputs", ports_json(signature.inputs)},
                            {"outputs", ports_json(signature.outputs)}});
    }
    json["signatures"] = signatures;
    json["tags"] = model.tags;
    json["tensorflow_version"] = model.tensorflow_version;
    json["fingerprint"] = info.fingerprint;
    json["ops"] = info.ops;
    return print_json(json);
  }
  std::string tags;
  for (const std::string& tag : model.tags) tags += (tags.empty() ? "" : ", ") + one_line(tag);
  fmt::print("{}: {}\nformat {}", one_line(model.path), one_line(model.class_name), model.format);
  if (!model.tensorflow_version.empty())
    fmt::print(", written by TensorFlow {}", one_line(model.tensorflow_version));
  if (!tags.empty()) fmt::print(", tags {}", tags);
  fmt::print("\n\n{}", signatures_text(model));
  if (!model.layers.empty()) fmt::print("\n{}", layer_table(model));
  if (!model.weights.empty()) fmt::print("\n{}", weight_table(model));
  fmt::print("\nops: {}\nfile: {}\n", ops_text(info.ops), bytes_text(model.file_bytes));
  if (!info.fingerprint.empty()) fmt::print("fingerprint: {}\n", info.fingerprint);
}

void run(const Options& options) {
  if (options.explain) {
    fmt::print("{}", Model::load(options.model.model, options.model.load_options()).explain());
    return;
  }
  if (options.model.config.empty()) {
    const formats::ModelFile file = formats::read_model_file(options.model.model);
    if (!file.graph.bytes.empty()) return inspect_graph(file, options);
  }
  const ModelInfo info = read_info(options.model);
  if (options.json) {
    print_json(model_json(info));
  } else {
    print_text(info);
  }
}

std::function<void()> declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  options->model.declare_model(app);
  auto* json = app.add_flag("--json", options->json, "print one JSON object");
  app.add_flag("--explain", options->explain, "print the graph and the kernel of each node")->excludes(json);
  return [options] { run(*options); };
}

}  // namespace

CORNU_COMMAND(inspect) = {.name = "inspect",
                          .description = "Shows layers, inputs, outputs and weights of a model file",
                          .declare = declare};

}  // namespace cornu::cli
