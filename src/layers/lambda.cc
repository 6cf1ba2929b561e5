// Lambda: a Python function stored as byte code or by name. Cornu never runs code of a file: the caller's function of that
// name, or of the layer's name, takes its place. A function of Keras or TensorFlow that the file refers to by module and
// name (keras.ops.mean, tf.nn.relu) is no code of the file: it is looked up in the tables of operators.
// Keras   Lambda, all versions
// Config  function: byte code or a name, beside function_type "function" and module (Keras 2), or {"class_name": "function",
//         "module", "config": name} (3); arguments: further arguments of the function
// Errors  unsupported unless the caller brings a function, or it is one of a library and known
// Source  keras/src/layers/core/lambda_layer.py, 3.15; CVE-2024-3660 and CVE-2025-1550 show why
#include <algorithm>

#include "layers/import_scope.h"
#include "layers/operators.h"

namespace cornu::layers {
namespace {

// The name of a function that the file refers to; empty for byte code.
std::string function_name(const Json& function) {
  const Json name = function.is_object() ? function["config"] : function;
  return name.is_string() ? std::string(name.string()) : std::string();
}

// Whether the function is one of Keras or TensorFlow that the operators know.
bool is_of_library(const LayerConfig& config, const Json& function, const std::string& name) {
  const bool by_name = function.is_object() ? function["class_name"].is_string() &&
                                                  function["class_name"].string() == "function"
                                            : config.text({"function_type"}, "") == "function";
  const Json module = function.is_object() ? function["module"] : config.raw({"module"});
  if (!by_name || !module.is_string()) return false;
  constexpr std::string_view kLibraries[] = {"keras.", "tf_keras.", "tensorflow.python.",
                                             "tensorflow.keras."};
  const std::string path = std::string(module.string()) + ".";
  const bool library = std::any_of(std::begin(kLibraries), std::end(kLibraries),
                                   [&](std::string_view prefix) { return path.starts_with(prefix); });
  return library && find_operator(name) != nullptr;
}

// The function of the inputs and of the config's further arguments.
std::vector<Value> call_library(LayerCall& call, const std::string& name) {
  CallArguments arguments = call.arguments;
  for (const auto& [key, value] : call.config.raw({"arguments"}).members())
    arguments.keyword.emplace_back(std::string(key), literal_argument(call, value));
  call.out_masks.assign(1, Value{});
  return lower_operator(call, name, arguments);
}

std::vector<Value> lower(LayerCall& call) {
  const std::string name = function_name(call.config.raw({"function"}));
  const Json arguments = call.config.raw({"arguments"});
  for (const std::string& candidate : {name, call.layer.name}) {
    if (candidate.empty()) continue;
    if (const auto custom = ImportScope::find(candidate, arguments, call.layer.name))
      return call_custom(call, *custom);
  }
  if (is_of_library(call.config, call.config.raw({"function"}), name)) return call_library(call, name);
  call.fail(ErrorCode::unsupported,
            "the Lambda layer '{}' runs {}, which Cornu does not do; pass a function for it as "
            "custom_objects={{\"{}\": function}}, or replace it in the model by a layer of Keras (such as "
            "Rescaling, "
            "Reshape or Multiply)",
            call.layer.name,
            name.empty() ? "Python byte code of the file" : fmt::format("the Python function '{}'", name),
            call.layer.name);
}

}  // namespace

CORNU_LAYER(lambda) = {.keras_names = {"Lambda"}, .lower = lower};

}  // namespace cornu::layers
