// Lambda: a Python function stored as byte code or by name. Cornu never runs code of a file, so it is
// refused. Keras   Lambda, all versions Errors  unsupported, always Source
// keras/src/layers/core/lambda_layer.py, 3.15; CVE-2024-3660 and CVE-2025-1550 show why
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  const Json function = call.config.raw({"function"});
  const bool named = function.is_string();
  call.fail(ErrorCode::unsupported,
            "the Lambda layer '{}' runs {}, which Cornu does not do; replace it in the model by a layer of "
            "Keras (such as Rescaling, "
            "Reshape or Multiply), or pass a function for it",
            call.layer.name,
            named ? fmt::format("the Python function '{}'", function.string())
                  : std::string("Python byte code of the file"));
}

}  // namespace

CORNU_LAYER(lambda) = {.keras_names = {"Lambda"}, .lower = lower};

}  // namespace cornu::layers
