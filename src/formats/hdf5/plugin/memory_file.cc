#include "formats/hdf5/plugin/memory_file.h"

#include <cstring>
#include <string>

namespace cornu::hdf5_plugin {
namespace {

// The core driver copies a file image several times through these functions; they hand out the one image
// instead, and never free it. It is only ever read, because the file is opened read-only.
struct Source {
  void* bytes;
  size_t size_bytes;
};

void* image_malloc(size_t size_bytes, H5FD_file_image_op_t, void* user) {
  const auto* source = static_cast<const Source*>(user);
  return size_bytes == source->size_bytes ? source->bytes : nullptr;
}

void* image_memcpy(void* to, const void* from, size_t size_bytes, H5FD_file_image_op_t, void*) {
  if (to != from) std::memcpy(to, from, size_bytes);
  return to;
}

void* image_realloc(void*, size_t, H5FD_file_image_op_t, void*) {
  return nullptr;
}

herr_t image_free(void*, H5FD_file_image_op_t, void*) {
  return 0;
}

void* user_copy(void* user) {
  return new Source(*static_cast<Source*>(user));
}

herr_t user_free(void* user) {
  delete static_cast<Source*>(user);
  return 0;
}

}  // namespace

hid_t open_memory_file(const void* bytes, size_t size_bytes) {
  Source source{const_cast<void*>(bytes), size_bytes};
  H5FD_file_image_callbacks_t callbacks = {image_malloc, image_memcpy, image_realloc, image_free,
                                           user_copy,    user_free,    &source};
  constexpr size_t kIncrement = 1 << 16;  // by which the driver would grow the file; never used
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (H5Pset_fapl_core(access, kIncrement, false) >= 0 &&
      H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
      H5Pset_file_image(access, source.bytes, size_bytes) >= 0) {
    // The driver takes files of one name for one file, and refuses an image whose name exists: below
    // /dev/null none can.
    static unsigned count = 0;
    file = H5Fopen(("/dev/null/cornu-" + std::to_string(count++)).c_str(), H5F_ACC_RDONLY, access);
  }
  H5Pclose(access);
  return file;
}

}  // namespace cornu::hdf5_plugin
