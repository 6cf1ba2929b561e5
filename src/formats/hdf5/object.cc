#include "formats/hdf5/object.h"

#include <algorithm>
#include <deque>

#include "base/fail.h"
#include "base/printable.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr char kWhat[] = "an object header";
constexpr size_t kMaxShownPath = 300;      // in messages
constexpr uint8_t kSharedFlag = 0x02;      // of a message
constexpr size_t kMaxMessages = 1U << 16;  // version 1 counts messages in 16 bits; nothing real comes near it

using Blocks = std::deque<std::span<const std::byte>>;

void add_message(const Image& image, uint16_t type, uint8_t flags, std::span<const std::byte> data,
                 std::vector<Message>& messages, Blocks& blocks) {
  if (messages.size() + blocks.size() >= kMaxMessages) {
    image.fail_at(data.data(), "an object header has more than 65536 messages");
  }
  const Message message{MessageType{type}, (flags & kSharedFlag) != 0, data};
  // A continuation counts as a message, so that a block that continues in itself comes to an end.
  messages.push_back(message);
  if (message.type != MessageType::continuation) return;
  Cursor cursor(image, data, "a continuation message");
  const uint64_t address = cursor.address();
  blocks.push_back(image.at(address, cursor.length(), "an object header's continuation"));
}

void read_version_1(const Image& image, Cursor& start, std::vector<Message>& messages) {
  start.skip(2);  // version, reserved
  size_t count = start.u16();
  start.skip(4);  // reference count
  const uint32_t size = start.u32();
  start.skip(4);  // messages begin at a multiple of 8
  image.visit(size);
  Blocks blocks{start.take(size)};
  messages.reserve(std::min<size_t>(count, 16));
  for (; !blocks.empty() && count > 0; blocks.pop_front()) {
    Cursor block(image, blocks.front(), kWhat);
    for (; count > 0 && block.remaining() >= 8; --count) {
      const uint16_t type = block.u16();
      const uint16_t data_bytes = block.u16();
      const uint8_t flags = block.u8();
      block.skip(3);
      add_message(image, type, flags, block.take(data_bytes), messages, blocks);
    }
  }
}

// Messages of one version 2 block, without its signature and checksum.
void read_block(const Image& image, std::span<const std::byte> bytes, bool ordered,
                std::vector<Message>& messages, Blocks& blocks) {
  const size_t header_bytes = ordered ? 6 : 4;  // what is left when shorter than a message's head is a gap
  Cursor block(image, bytes, kWhat);
  while (block.remaining() >= header_bytes) {
    const uint8_t type = block.u8();
    const uint16_t data_bytes = block.u16();
    const uint8_t flags = block.u8();
    if (ordered) block.skip(2);
    add_message(image, type, flags, block.take(data_bytes), messages, blocks);
  }
}

void read_version_2(const Image& image, Cursor& start, std::vector<Message>& messages) {
  start.signature("OHDR");
  const uint8_t version = start.u8();
  if (version != 2)
    fail(ErrorCode::unsupported, image.where, "an object header has version {}; 1 and 2 are known", version);
  const uint8_t flags = start.u8();
  if ((flags & 0x20) != 0) start.skip(4 * 4);  // four times of day
  if ((flags & 0x10) != 0) start.skip(2 * 2);  // when attributes move to a heap
  const bool ordered = (flags & 0x04) != 0;
  Blocks blocks;
  const uint64_t size = start.sized(1 << (flags & 0x03));
  image.visit(size);
  read_block(image, start.take(size), ordered, messages, blocks);
  for (; !blocks.empty(); blocks.pop_front()) {
    Cursor block(image, blocks.front(), "an object header's continuation");
    block.signature("OCHK");
    if (block.remaining() < 4) block.fail_value(blocks.front().size(), "size");
    read_block(image, block.take(block.remaining() - 4), ordered, messages, blocks);
  }
}

}  // namespace

Object::Object(const Image& image, uint64_t address, std::string path)
    : image_(&image), address_(address), path_(std::move(path)) {
  const std::span<const std::byte> bytes = image.from(address, 16, kWhat);
  Cursor cursor(image, bytes, kWhat);
  switch (static_cast<uint8_t>(bytes[0])) {
    case 1:
      read_version_1(image, cursor, messages_);
      break;
    case 'O':
      read_version_2(image, cursor, messages_);
      break;
    default:
      cursor.fail_value(static_cast<uint8_t>(bytes[0]), "version");
  }
}

std::string Object::where() const {
  return image_->where + ":" + (path_.empty() ? "/" : printable(path_, kMaxShownPath));
}

const Message* Object::find(MessageType type) const {
  for (const Message& message : messages_) {
    if (message.type == type) return &message;
  }
  return nullptr;
}

bool Object::is_group() const {
  return find(MessageType::symbol_table) != nullptr || find(MessageType::link_info) != nullptr ||
         find(MessageType::link) != nullptr;
}

std::span<const std::byte> resolve_shared(const Image& image, MessageType type, bool shared,
                                          std::span<const std::byte> data) {
  if (!shared) return data;
  Cursor cursor(image, data, "a shared message");
  const uint8_t version = cursor.u8();
  const uint8_t kind = cursor.u8();
  if (version == 1) cursor.skip(6);
  if (version < 1 || version > 3) cursor.fail_value(version, "version");
  // Kind 1 of version 3 is the file-wide heap of shared messages, which only special creation properties turn
  // on.
  if (version == 3 && kind == 1) {
    fail(ErrorCode::unsupported, image.where,
         "the file keeps messages in a shared message heap; save it without");
  }
  const Object target(image, cursor.address(), "");
  const Message* message = target.find(type);
  if (message == nullptr || message->shared) cursor.fail_value(target.address(), "no such message at byte");
  return message->data;
}

}  // namespace cornu::formats::hdf5
