// Custom objects: layers and functions that the caller brings. make_instance finds them by the class's name.
// Config  whatever the object's own code writes: it is handed to the caller as text
// Input   any tensors      Output  what the caller's code gives      Weights  those that it asks for
// Errors  what the caller's code throws
#include "layers/import_scope.h"

namespace cornu::layers {
namespace {

thread_local ImportScope* current_scope = nullptr;

std::vector<int64_t> sizes(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

// The argument with its tensors numbered as LayerCall::in has them.
CustomArgument custom_argument(const Argument& argument, size_t& next) {
  CustomArgument out;
  switch (argument.kind) {
    case Argument::Kind::tensor:
      out.kind = CustomArgument::Kind::input;
      out.input = next++;
      break;
    case Argument::Kind::literal:
      if (argument.literal.exists()) out.literal = argument.literal.dump();
      break;
    case Argument::Kind::list:
    case Argument::Kind::dict:
      out.kind =
          argument.kind == Argument::Kind::list ? CustomArgument::Kind::list : CustomArgument::Kind::dict;
      out.keys = argument.keys;
      for (const Argument& item : argument.items) out.items.push_back(custom_argument(item, next));
      break;
  }
  return out;
}

CustomArguments custom_arguments(const CallArguments& arguments) {
  CustomArguments out;
  size_t next = 0;
  for (const Argument& argument : arguments.positional)
    out.positional.push_back(custom_argument(argument, next));
  for (const auto& [name, argument] : arguments.keyword) {
    if (name != "mask") out.keyword.emplace_back(name, custom_argument(argument, next));
  }
  return out;
}

std::vector<Value> add_node(GraphBuilder& g, std::vector<Value> operands,
                            std::shared_ptr<const CustomCall> call) {
  const auto address = static_cast<int64_t>(reinterpret_cast<intptr_t>(call.get()));
  current_scope->calls.push_back(std::move(call));
  return g.multi_op("custom", std::move(operands), {{"call", address}});
}

std::vector<Value> lower(LayerCall& call) {
  const auto* scope = ImportScope::current();
  const auto found = scope == nullptr ? decltype(scope->custom_layers)::const_iterator()
                                      : scope->custom_layers.find(&call.layer);
  if (scope == nullptr || found == scope->custom_layers.end())
    call.fail(ErrorCode::unsupported, "the class {} is not that of a layer", call.layer.class_name);
  return call_custom(call, *found->second);
}

}  // namespace

ImportScope::ImportScope(const CustomObjects* custom_objects)
    : custom_objects_(custom_objects), outer_(current_scope) {
  current_scope = this;
}
ImportScope::~ImportScope() {
  current_scope = outer_;
}
ImportScope* ImportScope::current() {
  return current_scope;
}

std::shared_ptr<CustomLayer> ImportScope::find(std::string_view name, const Json& config,
                                               const std::string& layer) {
  if (current_scope == nullptr || current_scope->custom_objects_ == nullptr) return nullptr;
  return (*current_scope->custom_objects_)(
      {std::string(name), config.exists() ? config.dump() : std::string(), layer});
}

std::vector<Value> call_custom(LayerCall& call, CustomLayer& object) {
  for (const auto& [key, value] : call.config.json().members()) call.config.raw({key});
  std::vector<ArrayType> types;
  for (Value value : call.in) types.push_back({call.g.dtype(value), sizes(call.g.shape(value))});
  auto called = object.call(custom_arguments(call.arguments));
  std::vector<Value> operands = call.in;
  std::vector<std::string> paths;
  bool any_path = false;
  for (const CustomWeight& slot : object.weights(types)) {
    operands.push_back(call.weight(slot.name, Shape(slot.shape), slot.trainable));
    any_path = any_path || !slot.path.empty();
    paths.push_back(slot.path.empty() ? "vars/" + std::to_string(paths.size()) : slot.path);
  }
  if (any_path) ImportScope::current()->weight_paths[&call.layer] = std::move(paths);
  if (object.supports_masking() && !call.masks.empty()) call.out_masks.assign(1, call.masks[0]);
  return add_node(call.g, std::move(operands), std::move(called));
}

Value call_custom(GraphBuilder& g, CustomLayer& object, Value x) {
  CustomArguments arguments;
  arguments.positional.push_back({CustomArgument::Kind::input, 0, "null", {}, {}});
  const std::vector<Value> out = add_node(g, {x}, object.call(arguments));
  if (out.size() != 1)
    fail(ErrorCode::bad_shape, g.graph().layer(), "a custom activation gives {} outputs, not 1", out.size());
  return out[0];
}

CORNU_LAYER(custom) = {.keras_names = {"custom.*"}, .lower = lower};

}  // namespace cornu::layers
