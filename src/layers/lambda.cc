// Lambda: a Python function stored as byte code or by name. Cornu never runs code of a file: the caller's function of that
// name, or of the layer's name, takes its place.
// Keras   Lambda, all versions
// Config  function: byte code or a name; arguments: further arguments of the function
// Errors  unsupported unless the caller brings a function
// Source  keras/src/layers/core/lambda_layer.py, 3.15; CVE-2024-3660 and CVE-2025-1550 show why
#include "layers/import_scope.h"

namespace cornu::layers {
namespace {

// The name of a function that the file refers to; empty for byte code.
std::string function_name(const Json& function) {
  const Json name = function.is_object() ? function["config"] : function;
  return name.is_string() ? std::string(name.string()) : std::string();
}

std::vector<Value> lower(LayerCall& call) {
  const std::string name = function_name(call.config.raw({"function"}));
  const std::string arguments = call.config.raw({"arguments"}).dump();
  for (const std::string& candidate : {name, call.layer.name}) {
    if (candidate.empty()) continue;
    if (const auto custom = ImportScope::find(candidate, arguments, call.layer.name))
      return call_custom(call, *custom);
  }
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
