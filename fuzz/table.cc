// Fuzz target: any bytes as the table that a TensorFlow checkpoint's index is. The outcome is entries or one cornu::Error;
// anything else is a finding.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cornu/error.h"
#include "formats/table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // A copy of exactly this size, so that the sanitizer sees every read beyond it.
  const std::vector<uint8_t> bytes(data, data + size);
  try {
    cornu::formats::read_table(std::as_bytes(std::span(bytes)), "fuzz.index",
                               [](std::string_view, std::string_view) {});
  } catch (const cornu::Error&) {  // the expected outcome
  }
  return 0;
}
