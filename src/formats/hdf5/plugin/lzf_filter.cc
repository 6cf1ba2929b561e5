#include "formats/hdf5/plugin/lzf_filter.h"

#include <hdf5.h>
#include <lzf.h>

#include <cerrno>
#include <cstdlib>

namespace cornu::hdf5_plugin {
namespace {

constexpr H5Z_filter_t kLzf = 32000;
constexpr size_t kMaxExpansion = 88;  // a back reference takes 3 bytes and stands for at most 264

// Called by the library for each chunk: replaces *buffer by the decompressed bytes. cd_values[2] is the size
// of a chunk, which is only a first guess; 0 means failure.
size_t filter(unsigned flags, size_t value_count, const unsigned* values, size_t size_bytes,
              size_t* buffer_bytes, void** buffer) {
  if ((flags & H5Z_FLAG_REVERSE) == 0) return 0;  // nothing is ever written here
  const size_t limit = size_bytes * kMaxExpansion;
  size_t guess = value_count >= 3 && values[2] > 0 ? values[2] : *buffer_bytes;
  while (true) {
    if (guess > limit) guess = limit;
    void* out = std::malloc(guess);  // the library frees it
    if (out == nullptr) return 0;
    const unsigned written =
        lzf_decompress(*buffer, static_cast<unsigned>(size_bytes), out, static_cast<unsigned>(guess));
    if (written > 0) {
      std::free(*buffer);
      *buffer = out;
      *buffer_bytes = guess;
      return written;
    }
    std::free(out);
    if (errno != E2BIG || guess == limit) return 0;  // E2BIG: the guess was too small
    guess *= 2;
  }
}

}  // namespace

bool register_lzf() {
  static const H5Z_class2_t kClass = {H5Z_CLASS_T_VERS, kLzf, 1, 1, "lzf", nullptr, nullptr, filter};
  return H5Zregister(&kClass) >= 0;
}

}  // namespace cornu::hdf5_plugin
