// Fuzz target: any bytes as a GraphDef, every end of it imported. The outcome is a graph or one cornu::Error; anything else is
// a finding.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "cornu/error.h"
#include "import/tensorflow_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // A copy of exactly this size, so that the sanitizer sees every read beyond it.
  const auto owner = std::make_shared<std::vector<uint8_t>>(data, data + size);
  cornu::formats::ModelFile file;
  file.format = "graph_def";
  file.graph = {std::as_bytes(std::span(*owner)), owner, true};
  try {
    cornu::import::import_graph_def(file, "fuzz.pb", {});
  } catch (const cornu::Error&) {  // the expected outcome
  }
  return 0;
}
