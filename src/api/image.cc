#include "api/image.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "api/identity.h"
#include "api/message.h"
#include "base/fail.h"
#include "tensor/storage.h"

namespace cornu {

Descriptor write_image(const std::string& config, std::span<const Array> weights) {
  std::vector<Array> arrays = {Array::view(DType::string, {1}, &config)};
  arrays.insert(arrays.end(), weights.begin(), weights.end());
  SharedStorage memory("model", message_bytes(arrays));
  write_message(arrays, memory.data());
  Descriptor descriptor(::fcntl(memory.descriptor(), F_DUPFD_CLOEXEC, 0));
  if (!descriptor.valid() || ::fchmod(descriptor.get(), 0400) != 0)
    fail(ErrorCode::io, "model", "cannot keep shared memory: {}", std::strerror(errno));
  return descriptor;
}

Image read_image(const Descriptor& memory) {
  const StoragePtr storage = map_file(own_path(memory));
  std::vector<Array> arrays = read_message(storage->bytes());
  if (arrays.empty() || arrays[0].dtype != DType::string || arrays[0].size() != 1)
    fail(ErrorCode::bad_file, "handle", "the memory that the handle names holds no model");
  Image image;
  image.config = *reinterpret_cast<const std::string*>(arrays[0].data);
  arrays.erase(arrays.begin());
  for (Array& array : arrays) {
    if (array.owner == nullptr) array.owner = storage;
  }
  image.weights = std::move(arrays);
  return image;
}

}  // namespace cornu
