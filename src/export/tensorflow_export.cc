// The parts of a SavedModel around its function. Source: tensorflow/core/protobuf/{saved_model,meta_graph,
// saved_object_graph,trackable_object_graph,struct,saver}.proto, 2.21; docs/design/writing.md
#include "export/tensorflow_export.h"

#include <algorithm>
#include <cctype>

#include "base/fail.h"
#include "base/output_file.h"
#include "base/output_folder.h"
#include "export/fingerprint.h"
#include "export/free_batch.h"
#include "export/tensorflow_function.h"
#include "export/tensorflow_saver.h"
#include "formats/bundle_writer.h"

namespace cornu::exporting {
namespace {

namespace fs = std::filesystem;
using protozero::pbf_writer;

constexpr const char* kTensorflowVersion = "2.21.0";  // whose op definitions the graph follows
constexpr int kProducer =
    2474;  // GraphDef version of that release; an older TensorFlow reads it as far as it knows the ops
constexpr int kString = 7;  // DT_STRING
constexpr const char* kObjectGraph = "_CHECKPOINTABLE_OBJECT_GRAPH";

struct Port {
  std::string name;
  int type = 1;
  TfShape shape;
};

// Numbers of the nodes of the object graph.
constexpr int kRoot = 0;
constexpr int kList = 1;
constexpr int kSignatures = 2;
constexpr int kSignature = 3;
constexpr int kFirstVariable = 4;

void write_version(pbf_writer& parent, int field, int producer, int min_consumer) {
  pbf_writer out(parent, static_cast<protozero::pbf_tag_type>(field));
  out.add_int32(1, producer);
  out.add_int32(2, min_consumer);
}

class Exporter {
 public:
  explicit Exporter(const import::KerasModel& model) {
    const ir::Graph graph = with_free_batch(model.graph);
    model_ = tensorflow_model(model, graph);
    for (const auto& input : graph.inputs()) inputs_.push_back(port(input.name, graph.type(input.value)));
    std::sort(inputs_.begin(), inputs_.end(), [](const Port& a, const Port& b) { return a.name < b.name; });
    for (const auto& output : tensorflow_outputs(graph))
      outputs_.push_back(port(output.name, graph.type(output.value)));
  }

  // SavedModel: schema version 1, meta graph 2.
  std::string saved_model() const {
    std::string bytes;
    pbf_writer out(bytes);
    out.add_int64(1, 1);
    {
      pbf_writer meta(out, 2);
      write_meta_graph(meta);
    }
    return bytes;
  }

  std::vector<formats::NamedTensor> bundle() const {
    std::vector<formats::NamedTensor> tensors;
    for (size_t i = 0; i < model_.variables.size(); ++i)
      tensors.push_back({key(i), model_.variables[i].tensor});
    tensors.push_back({kObjectGraph, string_tensor({trackable_graph()}, {})});
    return tensors;
  }

 private:
  void write_meta_graph(pbf_writer& meta) const {
    {
      pbf_writer info(meta, 1);
      info.add_string(4, "serve");
      info.add_string(5, kTensorflowVersion);
      info.add_bool(7, true);
    }
    {
      pbf_writer graph(meta, 2);
      write_graph(graph);
    }
    {
      const TfSaver names = saver();
      pbf_writer def(meta, 3);
      def.add_string(1, "saver_filename:0");
      def.add_string(2, names.save);
      def.add_string(3, names.restore);
      def.add_enum(7, 2);  // V2
    }
    write_signatures(meta);
    pbf_writer objects(meta, 7);
    write_objects(objects);
  }

  static Port port(const std::string& name, const TensorType& type) {
    return {name, type_of(type.dtype).number, shape_of(type.shape)};
  }
  static std::string key(size_t variable) {
    return "variables/" + std::to_string(variable) + "/.ATTRIBUTES/VARIABLE_VALUE";
  }
  static std::string placeholder(const Port& input) { return "serving_default_" + node_name(input.name); }

  // What a node may be called: the rest becomes underscores.
  static std::string node_name(std::string name) {
    for (char& c : name) {
      if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '/' && c != '-') c = '_';
    }
    return name;
  }
  std::string handle(size_t i) const { return "variable_" + std::to_string(i); }

  void write_graph(pbf_writer& graph) const {
    for (const TfNode& node : nodes()) graph.add_message(1, node.serialized());
    {
      pbf_writer library(graph, 2);
      library.add_message(1, model_.function.serialized());
      for (const TfFunction& function : model_.library) library.add_message(1, function.serialized());
    }
    write_version(graph, 4, kProducer, 12);
  }

  // What TF Serving runs: placeholders, variables, the call, and the ops that save and restore.
  std::vector<TfNode> nodes() const {
    std::vector<TfNode> nodes;
    TfTypes in;
    TfTypes out;
    std::vector<std::string> call_inputs;
    for (const Port& input : inputs_) {
      nodes.push_back(
          {placeholder(input), "Placeholder", {}, {{"dtype", TfType{input.type}}, {"shape", input.shape}}});
      call_inputs.push_back(placeholder(input));
      in.numbers.push_back(input.type);
    }
    for (size_t i = 0; i < model_.variables.size(); ++i) {
      const TfVariable& variable = model_.variables[i];
      nodes.push_back({handle(i),
                       "VarHandleOp",
                       {},
                       {{"dtype", type_of(variable.tensor.dtype)},
                        {"shape", shape_of(variable.tensor.shape)},
                        {"shared_name", variable.name}}});
      call_inputs.push_back(handle(i));
      in.numbers.push_back(kResourceType);
    }
    for (const Port& output : outputs_) out.numbers.push_back(output.type);
    nodes.push_back({"StatefulPartitionedCall",
                     "StatefulPartitionedCall",
                     call_inputs,
                     {{"Tin", in}, {"Tout", out}, {"f", TfFunctionName{model_.function.name()}}}});
    nodes.push_back(
        {"saver_filename", "Placeholder", {}, {{"dtype", TfType{kString}}, {"shape", TfShape{}}}});
    for (TfNode& node : saver().nodes) nodes.push_back(std::move(node));
    nodes.push_back({"NoOp", "NoOp", {}, {}});
    return nodes;
  }

  TfSaver saver() const {
    std::vector<SaverVariable> variables;
    for (size_t i = 0; i < model_.variables.size(); ++i)
      variables.push_back({handle(i), key(i), type_of(model_.variables[i].tensor.dtype)});
    return make_saver("saver_", "saver_filename", variables);
  }

  // SignatureDef: inputs 1, outputs 2 (TensorInfo: name 1, dtype 2, tensor_shape 3), method_name 3.
  static void write_info(pbf_writer& signature, int field, const std::string& key, const std::string& tensor,
                         const Port& port) {
    pbf_writer entry(signature, static_cast<protozero::pbf_tag_type>(field));
    entry.add_string(1, key);
    pbf_writer info(entry, 2);
    info.add_string(1, tensor);
    info.add_enum(2, port.type);
    add_shape(info, 3, port.shape);
  }

  void write_signatures(pbf_writer& meta) const {
    {
      pbf_writer entry(meta, 5);
      entry.add_string(1, "serving_default");
      pbf_writer signature(entry, 2);
      for (const Port& input : inputs_)
        write_info(signature, 1, input.name, placeholder(input) + ":0", input);
      for (size_t i = 0; i < outputs_.size(); ++i)
        write_info(signature, 2, outputs_[i].name, "StatefulPartitionedCall:" + std::to_string(i),
                   outputs_[i]);
      signature.add_string(3, "tensorflow/serving/predict");
    }
    pbf_writer entry(meta, 5);
    entry.add_string(1, "__saved_model_init_op");
    pbf_writer signature(entry, 2);
    pbf_writer output(signature, 2);
    output.add_string(1, "__saved_model_init_op");
    pbf_writer info(output, 2);
    info.add_string(1, "NoOp");
    pbf_writer shape(info, 3);
    shape.add_bool(3, true);
  }

  struct Child {
    int node = 0;
    std::string name;
  };
  std::vector<Child> children(int node) const {
    if (node == kRoot) return {{kList, "variables"}, {kSignatures, "signatures"}};
    if (node == kSignatures) return {{kSignature, "serving_default"}};
    std::vector<Child> out;
    if (node == kList) {
      for (size_t i = 0; i < model_.variables.size(); ++i)
        out.push_back({kFirstVariable + static_cast<int>(i), std::to_string(i)});
    }
    return out;
  }
  int node_count() const { return kFirstVariable + static_cast<int>(model_.variables.size()); }

  void write_children(pbf_writer& object, int node) const {
    for (const Child& child : children(node)) {
      pbf_writer reference(object, 1);
      reference.add_int32(1, child.node);
      reference.add_string(2, child.name);
    }
  }

  // SavedObjectGraph: nodes 1, concrete_functions 2.
  void write_objects(pbf_writer& graph) const {
    for (int node = 0; node < node_count(); ++node) {
      pbf_writer object(graph, 1);
      write_children(object, node);
      if (node >= kFirstVariable) {
        write_variable(object, model_.variables[static_cast<size_t>(node - kFirstVariable)]);
      } else if (node == kSignature) {
        pbf_writer function(object, 8);
        function.add_string(1, model_.function.name());
        for (const Port& input : inputs_) function.add_string(2, input.name);
        function.add_int64(3, inputs_.size() == 1 ? 1 : 0);  // positional arguments
      } else {
        pbf_writer user(object, 4);
        user.add_string(1, node == kRoot   ? "_generic_user_object"
                           : node == kList ? "trackable_list_wrapper"
                                           : "signature_map");
        write_version(user, 2, 1, 1);
      }
    }
    pbf_writer entry(graph, 2);
    entry.add_string(1, model_.function.name());
    pbf_writer function(entry, 2);
    std::vector<int32_t> bound;
    for (size_t i = 0; i < model_.variables.size(); ++i)
      bound.push_back(kFirstVariable + static_cast<int>(i));
    function.add_packed_int32(2, bound.begin(), bound.end());
    write_input_signature(function);
    pbf_writer out(function, 4);
    write_specs(out, outputs_);
  }

  // StructuredValue: tensor_spec_value 33 (name 1, shape 2, dtype 3), tuple_value 52 (values 1), dict_value 53 (fields 1).
  static void write_specs(pbf_writer& value, const std::vector<Port>& ports) {
    pbf_writer dict(value, 53);
    for (const Port& port : ports) {
      pbf_writer field(dict, 1);
      field.add_string(1, port.name);
      pbf_writer content(field, 2);
      pbf_writer spec(content, 33);
      spec.add_string(1, port.name);
      add_shape(spec, 2, port.shape);
      spec.add_enum(3, port.type);
    }
  }
  // ((), {name: TensorSpec}).
  void write_input_signature(pbf_writer& function) const {
    pbf_writer value(function, 3);
    pbf_writer pair(value, 52);
    std::string nothing;  // an empty tuple, which a nested writer would leave out
    pbf_writer(nothing).add_message(52, std::string());
    pair.add_message(1, nothing);
    pbf_writer keyword(pair, 1);
    write_specs(keyword, inputs_);
  }

  // SavedVariable: dtype 1, shape 2, trainable 3, name 6.
  static void write_variable(pbf_writer& object, const TfVariable& variable) {
    pbf_writer out(object, 7);
    out.add_enum(1, type_of(variable.tensor.dtype).number);
    add_shape(out, 2, shape_of(variable.tensor.shape));
    out.add_bool(3, variable.trainable);
    out.add_string(6, variable.name);
  }

  // TrackableObjectGraph: nodes 1 (children 1, attributes 2: name 1, full_name 2, checkpoint_key 3).
  std::string trackable_graph() const {
    std::string bytes;
    pbf_writer graph(bytes);
    for (int node = 0; node < node_count(); ++node) {
      std::string content;  // may be empty, and counts then too: a nested writer would leave it out
      pbf_writer object(content);
      write_children(object, node);
      if (node >= kFirstVariable) {
        const auto index = static_cast<size_t>(node - kFirstVariable);
        pbf_writer attribute(object, 2);
        attribute.add_string(1, "VARIABLE_VALUE");
        attribute.add_string(2, model_.variables[index].name);
        attribute.add_string(3, key(index));
      }
      graph.add_message(1, content);
    }
    return bytes;
  }

  TfModel model_;
  std::vector<Port> inputs_;
  std::vector<Port> outputs_;
};

void write_file(const fs::path& path, const std::string& bytes) {
  OutputFile file(path);
  file.write(std::as_bytes(std::span(bytes)));
  file.commit();
}

}  // namespace

void export_saved_model(const import::KerasModel& model, const fs::path& folder) {
  if (!model.states.empty()) {
    fail(ErrorCode::unsupported, model.states[0].layer->name,
         "a stateful layer cannot be written for TensorFlow, as Keras's export cannot; write a .keras or .h5 "
         "file");
  }
  const Exporter exporter(model);
  OutputFolder target(folder, "saved_model.pb");
  const fs::path& made = target.temporary_path();
  try {
    fs::create_directory(made / "variables");
    fs::create_directory(made / "assets");
  } catch (const fs::filesystem_error& error) {
    fail(ErrorCode::io, folder.string(), "cannot write the folder: {}", error.code().message());
  }
  formats::write_bundle(made / "variables" / "variables", exporter.bundle());
  write_file(made / "saved_model.pb", exporter.saved_model());
  write_fingerprint(made);
  target.commit();
}

}  // namespace cornu::exporting
