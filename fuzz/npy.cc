// Any bytes as an array, and as a file of arrays: the outcome is arrays whose every byte may be read, or one
// Error. Seeds: tests/golden/numpy
#include <memory>
#include <span>
#include <vector>

#include "cornu/error.h"
#include "formats/arrays.h"
#include "formats/npy.h"
#include "input_file.h"

namespace {

using namespace cornu;

uint8_t sum_of(const Tensor& tensor) {
  uint8_t sum = 0;
  formats::write_npy(tensor, [&](std::span<const std::byte> bytes) {
    for (const std::byte value : bytes) sum ^= std::to_integer<uint8_t>(value);
  });
  return sum;
}

template <class Call>
void expect_result_or_error(Call call) {
  try {
    volatile uint8_t kept = call();  // so that no read is left out
    (void)kept;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size_bytes) {
  // A copy of exactly this size, so that the sanitizer sees every read beyond it.
  const auto owner = std::make_shared<const std::vector<uint8_t>>(data, data + size_bytes);
  expect_result_or_error([&] {
    return sum_of(formats::read_npy({std::as_bytes(std::span(*owner)), owner, false}, "fuzz.npy"));
  });
  const fuzz::InputFile file(data, size_bytes);
  if (!file.complete()) return 0;
  expect_result_or_error([&] {
    uint8_t sum = 0;
    for (const auto& array : formats::read_arrays(file.path())) sum ^= sum_of(array.tensor);
    return sum;
  });
  return 0;
}
