// Any bytes as a model file: read_model_file() gives valid tensors or throws Error, and does nothing else.
// Seeds: tests/golden/keras_zip, tests/attacks/keras_zip-*
#include "cornu/error.h"
#include "formats/model_file.h"
#include "input_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size_bytes) {
  const cornu::fuzz::InputFile file(data, size_bytes);
  if (!file.complete()) return 0;
  try {
    const cornu::formats::ModelFile model = cornu::formats::read_model_file(file.path());
    for (const auto& variable : model.variables) {
      if (!variable.tensor.valid()) __builtin_trap();
    }
  } catch (const cornu::Error& error) {
    if (error.code() == cornu::ErrorCode::internal) __builtin_trap();
  }
  return 0;
}
