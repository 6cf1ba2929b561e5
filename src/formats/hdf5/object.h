// Object: the messages of one object header, which describe a group or a dataset.
// Source: docs/formats/hdf5.md, section "Object headers"
#pragma once

#include <string>
#include <vector>

#include "formats/hdf5/image.h"

namespace cornu::formats::hdf5 {

// Message types that are read; numbers from the specification, section IV.A.2.
enum class MessageType : uint16_t {
  dataspace = 0x01,
  link_info = 0x02,
  datatype = 0x03,
  old_fill_value = 0x04,
  fill_value = 0x05,
  link = 0x06,
  external_files = 0x07,
  layout = 0x08,
  filters = 0x0b,
  attribute = 0x0c,
  continuation = 0x10,
  symbol_table = 0x11,
  attribute_info = 0x15,
};

struct Message {
  MessageType type;
  bool shared;  // the data is a pointer to a message elsewhere
  std::span<const std::byte> data;
};

// Borrows the image. A value; const methods from any thread.
class Object {
 public:
  // Parses the header at `address`. `path` is for messages: "/model_weights/conv1", "" for the root.
  // Throws bad_file for a header that leaves the file, contradicts itself or never ends, unsupported for new
  // versions.
  Object(const Image& image, uint64_t address, std::string path);

  const Image& image() const { return *image_; }
  uint64_t address() const { return address_; }
  const std::string& path() const { return path_; }
  // "model.h5:/model_weights/conv1", for errors.
  std::string where() const;

  const std::vector<Message>& messages() const { return messages_; }
  const Message* find(MessageType type) const;  // the first of the type; null if none
  bool is_group() const;
  bool is_dataset() const { return find(MessageType::layout) != nullptr; }

 private:
  const Image* image_;
  uint64_t address_;
  std::string path_;
  std::vector<Message> messages_;
};

// The data of a message that may be shared: its own, or that of the object it points to (a named datatype).
// Throws unsupported for messages in the shared message heap, bad_file otherwise.
std::span<const std::byte> resolve_shared(const Image& image, MessageType type, bool shared,
                                          std::span<const std::byte> data);

}  // namespace cornu::formats::hdf5
