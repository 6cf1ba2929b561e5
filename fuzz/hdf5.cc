// Fuzz target: any bytes as an HDF5 file. The outcome is a ModelFile or one cornu::Error; anything else is a
// finding.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cornu/error.h"
#include "formats/hdf5/keras_weights.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // A copy of exactly this size, so that the sanitizer sees every read beyond it.
  const auto owner = std::make_shared<std::vector<uint8_t>>(data, data + size);
  try {
    cornu::formats::ModelFile file;
    cornu::formats::read_keras_weights(
        cornu::formats::hdf5::File::open(std::as_bytes(std::span(*owner)), owner, true, "fuzz.h5"), file);
  } catch (const cornu::Error&) {  // the expected outcome
  }
  return 0;
}
