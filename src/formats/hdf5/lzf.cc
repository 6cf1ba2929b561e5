#include "formats/hdf5/lzf.h"

#include <dlfcn.h>

#include <limits>

#include "base/fail.h"

namespace cornu::formats::hdf5 {
namespace {

// lzf_decompress of liblzf 3.6, lzf.h: returns the bytes written, 0 on damage or if they do not fit.
using Decompress = unsigned (*)(const void* in, unsigned in_bytes, void* out, unsigned out_bytes);

// Null if the system has no liblzf. Stays loaded.
Decompress load() {
  void* handle = ::dlopen("liblzf.so.1", RTLD_NOW | RTLD_LOCAL);
  return handle == nullptr ? nullptr : reinterpret_cast<Decompress>(::dlsym(handle, "lzf_decompress"));
}

}  // namespace

void lzf_unpack(std::span<const std::byte> stored, std::span<std::byte> out, const std::string& where) {
  static const Decompress decompress = load();
  if (decompress == nullptr) {
    fail(ErrorCode::unsupported, where,
         "is compressed with lzf, and this system has no liblzf.so.1 to unpack it");
  }
  constexpr size_t kMax = std::numeric_limits<unsigned>::max();
  if (stored.size() > kMax || out.size() > kMax) {
    fail(ErrorCode::unsupported, where, "has an lzf chunk of {} bytes; 4 GiB is the most", out.size());
  }
  const unsigned written = decompress(stored.data(), static_cast<unsigned>(stored.size()), out.data(),
                                      static_cast<unsigned>(out.size()));
  if (written != out.size())
    fail(ErrorCode::bad_file, where, "an lzf chunk does not unpack to its {} bytes", out.size());
}

}  // namespace cornu::formats::hdf5
