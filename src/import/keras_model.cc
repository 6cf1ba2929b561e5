#include "import/keras_model.h"

#include <charconv>

#include "base/fail.h"

namespace cornu::import {
namespace {

// The major version as recorded ("1.2.1", "2.4.0", "3.9.2", tf.keras "2.2.4-tf"). Files of Keras 1.0 to 1.1
// record none.
int keras_major(const std::string& version, bool keras3_layout, const Json& model) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  if (major > 0) return major;
  // Without a version the config tells: Keras 3 writes `module` beside class_name, Keras 1 never wrote
  // `use_bias` or `units`.
  if (keras3_layout || model["module"].is_string()) return 3;
  const std::string text = model.dump();
  for (const char* key : {"\"border_mode\"", "\"output_dim\":", "\"nb_filter\"", "\"dim_ordering\""}) {
    if (text.find(key) != std::string::npos && text.find("\"use_bias\"") == std::string::npos) return 1;
  }
  return 2;
}

}  // namespace

// A config may be the model itself, wrapped in {"model_config": ...} or {"config": {...}} of an old to_json,
// or JSON text encoded twice.
Json parse_config(const std::string& text, const std::string& where) {
  Json json = Json::parse(text, where);
  for (int level = 0; level < 2 && json.is_string(); ++level)
    json = Json::parse(std::string(json.string()), where);
  if (json["model_config"].is_object()) json = json["model_config"];
  if (!json["class_name"].is_string()) {
    fail(ErrorCode::bad_config, where, "the config is not that of a Keras model: it has no class_name");
  }
  return json;
}

namespace {

std::string config_version(const Json& json) {
  return json["keras_version"].is_string() ? std::string(json["keras_version"].string()) : std::string();
}

// The shape of input i: the config's, or the one given, which must fit it.
Shape input_shape(const layers::ModelInput& input, const std::vector<Shape>& given, size_t i) {
  if (given.empty()) return input.shape;
  bool fits = i < given.size() && given[i].rank() == input.shape.rank();
  for (int axis = 0; fits && axis < input.shape.rank(); ++axis)
    fits = input.shape[axis] == Shape::kUnknown || input.shape[axis] == given[i][axis];
  if (!fits) {
    fail(ErrorCode::bad_shape, input.name, "the input has shape {}, the model takes {}",
         i < given.size() ? given[i].to_string() : "nothing", input.shape.to_string());
  }
  return given[i];
}

// How a graph is built: shapes of the inputs (empty: as the config says), and what for.
struct Build {
  std::vector<Shape> inputs;
  bool step = false;  // of training or evaluation
  bool training = false;
};

// The model of a config, its weights unbound.
KerasModel build(const Json& json, layers::Dialect dialect, const CustomObjects* custom_objects,
                 const Build& how = {}) {
  layers::ImportScope scope(custom_objects);
  KerasModel model;
  model.dialect = std::move(dialect);
  model.root = layers::make_instance(json, nullptr, "");
  model.name = model.root->name;
  model.class_name = model.root->class_name;
  model.inputs = layers::model_inputs(json);
  layers::CallArguments arguments;
  for (size_t i = 0; i < model.inputs.size(); ++i) {
    const layers::ModelInput& input = model.inputs[i];
    const ir::Value value = model.graph.add_input(input.name, input.dtype, input_shape(input, how.inputs, i));
    arguments.positional.push_back({layers::Argument::Kind::tensor, value, {}, {}, {}, {}});
  }
  if (how.step) {
    scope.training.emplace();
    scope.training->active = how.training;
    scope.training->seed = model.graph.add_input("seed", DType::int64, {2});
  }
  ir::GraphBuilder builder(model.graph);
  const layers::CallResult result = layers::call_layer(*model.root, arguments, model.dialect, builder);
  std::vector<std::string> names = layers::model_output_names(json);
  for (size_t i = 0; i < result.out.size(); ++i) {
    model.graph.add_output(i < names.size() ? names[i] : "output_" + std::to_string(i), result.out[i]);
  }
  model.output_masks = result.masks;
  model.training = std::move(scope.training);
  model.shapes = std::move(scope.shapes);
  model.custom_calls = std::move(scope.calls);
  model.states = std::move(scope.states);
  model.built_alone = std::move(scope.built_alone);
  model.weight_paths = std::move(scope.weight_paths);
  return model;
}

void collect_slots(layers::LayerInstance& layer, std::vector<OwnedSlot>& slots) {
  for (layers::WeightSlot& weight : layer.weights) slots.push_back({&layer, &weight});
  for (const auto& child : layer.children) collect_slots(*child, slots);
}

void bind_slot(const OwnedSlot& slot, const Tensor& tensor, KerasModel& model) {
  if (!(tensor.shape == slot.weight->shape)) {
    fail(ErrorCode::bad_shape, slot.layer->name, "{} needs shape {}, received {}", slot.weight->name,
         slot.weight->shape.to_string(), tensor.shape.to_string());
  }
  Tensor cast = cast_tensor(tensor, model.graph.type(slot.weight->value).dtype);
  model.weight_bytes.total += cast.size_bytes();
  if (cast.in_place) model.weight_bytes.in_place += cast.size_bytes();
  model.graph.make_constant(slot.weight->value, std::move(cast));
}

}  // namespace

KerasModel import_keras(const formats::ModelFile& file, const std::string& path, const std::string& config,
                        const CustomObjects* custom_objects) {
  const std::string& text = config.empty() ? file.config : config;
  if (text.empty()) {
    fail(ErrorCode::bad_config, path,
         "the file holds weights but no model config; give the model's JSON config beside it (--config)");
  }
  const Json json = parse_config(text, path);
  layers::Dialect dialect;
  dialect.keras_version = file.keras_version.empty() ? config_version(json) : file.keras_version;
  dialect.backend = file.backend.empty() && json["backend"].is_string()
                        ? std::string(json["backend"].string())
                        : file.backend;
  dialect.keras_major = keras_major(dialect.keras_version, !file.variables.empty(), json);
  KerasModel model;
  try {
    model = build(json, std::move(dialect), custom_objects);
  } catch (const Error& error) {
    throw error.within(path);
  }
  model.weight_bytes = bind_weights(file, path, model);
  return model;
}

std::vector<OwnedSlot> weight_slots(layers::LayerInstance& root) {
  std::vector<OwnedSlot> slots;
  collect_slots(root, slots);
  return slots;
}

namespace {

layers::Dialect config_dialect(const Json& json) {
  layers::Dialect dialect;
  dialect.keras_version = config_version(json);
  if (json["backend"].is_string()) dialect.backend = json["backend"].string();
  dialect.keras_major = keras_major(dialect.keras_version, false, json);
  return dialect;
}

}  // namespace

KerasModel import_step(const std::string& config, std::span<const Shape> inputs, bool training,
                       const CustomObjects* custom_objects) {
  const Json json = parse_config(config, "config");
  return build(json, config_dialect(json), custom_objects, {{inputs.begin(), inputs.end()}, true, training});
}

KerasModel import_config(const std::string& config, std::span<const Tensor> weights,
                         const CustomObjects* custom_objects) {
  const Json json = parse_config(config, "config");
  KerasModel model = build(json, config_dialect(json), custom_objects);
  const std::vector<OwnedSlot> slots = weight_slots(*model.root);
  if (!weights.empty() && weights.size() != slots.size()) {
    fail(ErrorCode::bad_shape, model.name, "the model has {} weights, received {}", slots.size(),
         weights.size());
  }
  for (size_t i = 0; i < slots.size(); ++i) {
    const TensorType& type = model.graph.type(slots[i].weight->value);
    bind_slot(slots[i], weights.empty() ? new_tensor(type.dtype, type.shape).tensor : weights[i], model);
  }
  return model;
}

}  // namespace cornu::import
