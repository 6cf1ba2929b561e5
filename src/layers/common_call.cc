// Calls of layers: instances, weights, dtype policy, masks, and the check for keys nobody read. See layer.h.
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "layers/dtype_policy.h"
#include "layers/import_scope.h"
#include "layers/operators.h"
#include "layers/regularizer.h"

namespace cornu::layers {
namespace {

constexpr int kMaxNesting = 100;  // wrappers and nested models; real models stay below 10

// Whether a serialized object is a function of keras.ops: some of them bear the name of a layer ("Add",
// "Softmax"). .keras files name the module. HDF5 files of Keras 3 do not, but every layer of theirs states
// `trainable`, and no function does.
bool is_operator(const Json& serialized, std::string_view class_name) {
  const Json module = serialized["module"];
  if (module.is_string()) {
    return module.string().find(".ops.") != std::string_view::npos ||
           module.string().ends_with("src.activations.activations");
  }
  const bool keras3_node = serialized["inbound_nodes"].at(0)["args"].is_array();
  return keras3_node && !serialized["config"]["trainable"].exists() && find_operator(class_name) != nullptr;
}

void collect_tensors(const Argument& argument, std::vector<Value>& values, std::vector<Value>& masks) {
  if (argument.kind == Argument::Kind::tensor) {
    values.push_back(argument.value);
    masks.push_back(argument.mask);
  }
  for (const Argument& item : argument.items) collect_tensors(item, values, masks);
}

}  // namespace

Value LayerCall::variable(std::string name, const Shape& shape, bool trainable) {
  for (const WeightSlot& slot : layer.weights) {
    if (slot.name != name) continue;
    if (!(slot.shape == shape)) {
      fail(ErrorCode::bad_shape, "{} has shape {} from the layer's first call, this call needs {}", name,
           slot.shape.to_string(), shape.to_string());
    }
    return slot.value;
  }
  if (!shape.is_known())
    fail(ErrorCode::bad_shape, "{} needs a known shape, but the input makes it {}", name, shape.to_string());
  const Value value = g.graph().add_constant({variable_dtype, shape, nullptr, nullptr, false});
  layer.weights.push_back({std::move(name), shape, trainable, value, {}});
  return value;
}

Value LayerCall::weight(std::string name, const Shape& shape, bool trainable) {
  const Value value = variable(std::move(name), shape, trainable);
  return g.cast(value, dtype_is_floating(compute_dtype) ? compute_dtype : variable_dtype);
}

LayerInstance& LayerCall::child(const std::string& attribute, const Json& serialized) {
  const auto depth = [](const LayerInstance* instance) {
    int levels = 0;
    for (; instance != nullptr; instance = instance->parent) ++levels;
    return levels;
  };
  if (depth(&layer) > kMaxNesting)
    fail(ErrorCode::bad_config, "layers are nested deeper than {} levels", kMaxNesting);
  for (const auto& existing : layer.children) {
    if (existing->attribute == attribute) return *existing;
  }
  layer.children.push_back(make_instance(serialized, &layer, attribute));
  return *layer.children.back();
}

std::vector<Value> LayerCall::call_child(LayerInstance& child, std::vector<Value> inputs,
                                         std::vector<Value> input_masks) {
  CallArguments child_arguments;
  input_masks.resize(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    child_arguments.positional.push_back({Argument::Kind::tensor, inputs[i], input_masks[i], {}, {}, {}});
  }
  CallResult result = call_layer(child, child_arguments, dialect, g);
  return std::move(result.out);
}

void LayerCall::expect_inputs(size_t count) const {
  if (in.size() != count) {
    fail(ErrorCode::bad_shape, "{} takes {} input tensor{}, received {}", layer.class_name, count,
         count == 1 ? "" : "s", in.size());
  }
}

void LayerCall::expect_rank(int rank) const {
  if (in.empty() || g.rank(in[0]) != rank) {
    fail(ErrorCode::bad_shape, "{} takes an input of {} axes, received shape {}", layer.class_name, rank,
         in.empty() ? "nothing" : g.shape(in[0]).to_string());
  }
}

std::unique_ptr<LayerInstance> make_instance(const Json& serialized, LayerInstance* parent,
                                             std::string attribute) {
  const std::string outer = parent == nullptr ? "" : parent->name;
  const Json class_json = serialized["class_name"];
  const Json config = serialized["config"];
  if (!class_json.is_string() || !(config.is_object() || config.is_array())) {
    std::string received = serialized.dump();
    if (received.size() > 80) received = received.substr(0, 77) + "...";
    throw Error(ErrorCode::bad_config, "expected a layer with class_name and config, received " + received,
                outer);
  }
  std::string class_name(class_json.string());
  if (const size_t mark = class_name.rfind('>'); mark != std::string::npos)
    class_name = class_name.substr(mark + 1);
  std::string name = config["name"].is_string() ? std::string(config["name"].string()) : std::string();
  if (name.empty())
    name = serialized["name"].is_string() ? std::string(serialized["name"].string()) : class_name;
  // Of a class that its author registered, Keras 3 states "package>Name" beside the bare name.
  const Json registered = serialized["registered_name"];
  std::shared_ptr<CustomLayer> custom;
  if (registered.is_string() && registered.string().find('>') != std::string_view::npos)
    custom = ImportScope::find(registered.string(), config, name);
  if (!custom) custom = ImportScope::find(class_json.string(), config, name);
  const std::string stands_for = custom ? custom->stands_for() : class_name;
  const bool operation = !custom && is_operator(serialized, class_name);
  const LayerDef* def = find_layer(operation ? "ops.*" : stands_for.empty() ? "custom.*" : stands_for);
  if (def == nullptr) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format(
            "the layer class {0} is unknown to Cornu: a custom class, or a layer of a later release; pass "
            "what replaces it as custom_objects={{{0}: ...}}",
            class_json.dump()),
        outer.empty() ? name : outer + ": " + name);
  }
  auto instance = std::make_unique<LayerInstance>(*def, std::move(class_name), std::move(name), config);
  instance->parent = parent;
  const Json build = serialized["build_config"];
  if (ImportScope* scope = ImportScope::current();
      scope != nullptr && (build["input_shape"].is_array() || build["shapes_dict"].is_object() ||
                           build["input_shape"].is_object()))
    scope->built_alone.insert(instance.get());
  instance->attribute = std::move(attribute);
  if (custom && stands_for.empty()) ImportScope::current()->custom_layers[instance.get()] = std::move(custom);
  const Json trainable = config["trainable"];
  instance->trainable = !(trainable.is_bool() && !trainable.boolean());
  return instance;
}

CallResult call_layer(LayerInstance& layer, const CallArguments& arguments, const Dialect& dialect,
                      GraphBuilder& g) {
  const std::string outer_layer = g.graph().layer();
  g.graph().set_layer(layer.name);
  const DtypePolicy policy = dtype_policy(layer);
  LayerCall call{layer, layer.config, dialect, g, {}, {}, arguments, policy.compute, policy.variable, {}};
  for (const Argument& argument : arguments.positional) collect_tensors(argument, call.in, call.masks);
  for (const auto& [name, argument] : arguments.keyword) {
    if (name != "mask" || layer.def.mask_is_input) {
      collect_tensors(argument, call.in, call.masks);
      continue;
    }
    // A mask passed by hand takes the place of the one that came with the tensor; it is no input.
    std::vector<Value> given;
    std::vector<Value> unused;
    collect_tensors(argument, given, unused);
    std::copy_n(given.begin(), std::min(given.size(), call.masks.size()), call.masks.begin());
  }
  const bool autocast = layer.def.autocast && dtype_is_floating(call.compute_dtype);
  for (Value& value : call.in) {
    if (autocast && dtype_is_floating(g.dtype(value))) value = g.cast(value, call.compute_dtype);
  }
  CallResult result;
  try {
    result.out = layer.def.lower(call);
  } catch (const Error& error) {
    if (error.where().starts_with(layer.name)) throw;
    throw error.within(layer.name);
  }
  if (ImportScope* scope = ImportScope::current(); scope != nullptr && !scope->shapes.contains(&layer)) {
    ImportScope::Shapes& shapes = scope->shapes[&layer];
    for (Value value : call.in) shapes.in.emplace_back(g.shape(value).begin(), g.shape(value).end());
    for (Value value : result.out) shapes.out.emplace_back(g.shape(value).begin(), g.shape(value).end());
  }
  if (ImportScope* scope = ImportScope::current(); scope != nullptr && scope->training) {
    const Json regularizer = layer.config.raw({"activity_regularizer"});
    for (Value value : result.out) {
      if (regularizer.is_object())
        add_activity_loss(g, *scope->training, penalty_of(g, regularizer, value), value);
    }
  }
  if (layer.output_shape.empty() && !result.out.empty()) {
    const Shape& shape = g.shape(result.out[0]);
    layer.output_shape.assign(shape.begin(), shape.end());
  }
  const std::vector<std::string> unread = layer.config.unread();
  if (!unread.empty()) {
    throw Error(ErrorCode::bad_config,
                fmt::format("{} has arguments that Cornu does not know: {}", layer.class_name,
                            fmt::join(unread, ", ")),
                layer.name);
  }
  result.masks = std::move(call.out_masks);
  if (result.masks.empty() && layer.def.supports_masking && !call.masks.empty())
    result.masks.assign(1, call.masks[0]);
  result.masks.resize(result.out.size());
  g.graph().set_layer(outer_layer);
  return result;
}

Tensor reshaped(const Tensor& tensor, const Shape& shape) {
  if (tensor.shape.elements() != shape.elements()) {
    throw Error(ErrorCode::bad_shape, fmt::format("a weight of shape {} does not fit {}",
                                                  tensor.shape.to_string(), shape.to_string()));
  }
  Tensor view = tensor;
  view.shape = shape;
  return view;
}

Tensor transposed(const Tensor& tensor, const Ints& permutation) {
  const int rank = tensor.shape.rank();
  if (static_cast<int>(permutation.size()) != rank) {
    throw Error(ErrorCode::bad_shape, fmt::format("a weight of shape {} was expected to have {} axes",
                                                  tensor.shape.to_string(), permutation.size()));
  }
  std::array<int64_t, Shape::kMaxRank> stride{};
  int64_t running = 1;
  for (int axis = rank - 1; axis >= 0; --axis) {
    stride[static_cast<size_t>(axis)] = running;
    running *= tensor.shape[axis];
  }
  Shape shape;
  for (int64_t axis : permutation) shape.push_back(tensor.shape[static_cast<int>(axis)]);
  NewTensor out = new_tensor(tensor.dtype, shape);
  const auto size = static_cast<size_t>(dtype_size(tensor.dtype));
  std::array<int64_t, Shape::kMaxRank> index{};
  for (int64_t i = 0; i < shape.elements(); ++i) {
    int64_t offset = 0;
    for (int axis = 0; axis < rank; ++axis)
      offset += index[static_cast<size_t>(axis)] *
                stride[static_cast<size_t>(permutation[static_cast<size_t>(axis)])];
    std::memcpy(out.data + static_cast<size_t>(i) * size, tensor.data + static_cast<size_t>(offset) * size,
                size);
    for (int axis = rank - 1; axis >= 0 && ++index[static_cast<size_t>(axis)] == shape[axis]; --axis)
      index[static_cast<size_t>(axis)] = 0;
  }
  return out.tensor;
}

}  // namespace cornu::layers
