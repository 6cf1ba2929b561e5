#include "api/message.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/fail.h"
#include "tensor/tensor.h"

namespace cornu {
namespace {

constexpr uint64_t kMaxRank = 64;  // more than any model has
constexpr uint64_t kMaxArrays = 1 << 20;

uint64_t aligned(uint64_t offset) {
  return (offset + kMessageAlignment - 1) / kMessageAlignment * kMessageAlignment;
}

std::span<const std::string> strings_of(const Array& array) {
  return {reinterpret_cast<const std::string*>(array.data), static_cast<size_t>(array.size())};
}

uint64_t element_bytes(const Array& array) {
  if (array.dtype != DType::string) return static_cast<uint64_t>(array.size_bytes());
  uint64_t bytes = 0;
  for (const std::string& text : strings_of(array)) bytes += sizeof(uint64_t) + text.size();
  return bytes;
}

uint64_t head_bytes(std::span<const Array> arrays) {
  uint64_t words = 1;
  for (const Array& array : arrays) words += 4 + array.shape.size();
  return words * sizeof(uint64_t);
}

class Writer {
 public:
  explicit Writer(std::byte* out) : out_(out) {}
  void word(uint64_t value) { bytes(&value, sizeof(value)); }
  void bytes(const void* data, size_t size) {
    if (size > 0) std::memcpy(out_, data, size);
    out_ += size;
  }

 private:
  std::byte* out_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  uint64_t word() {
    uint64_t value = 0;
    std::memcpy(&value, take(sizeof(value)).data(), sizeof(value));
    return value;
  }
  std::span<const std::byte> take(uint64_t size) {
    if (size > bytes_.size()) damaged("it ends too early");
    const auto part = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return part;
  }
  [[noreturn]] static void damaged(const char* what) {
    fail(ErrorCode::internal, "pool", "a message between processes is damaged: {}", what);
  }

 private:
  std::span<const std::byte> bytes_;
};

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void write_elements(const Array& array, std::byte* out) {
  Writer writer(out);
  if (array.dtype != DType::string) {
    writer.bytes(array.data, static_cast<size_t>(array.size_bytes()));
    return;
  }
  for (const std::string& text : strings_of(array)) writer.word(text.size());
  for (const std::string& text : strings_of(array)) writer.bytes(text.data(), text.size());
}

Array read_strings(std::vector<int64_t> shape, uint64_t count, std::span<const std::byte> bytes) {
  if (count > bytes.size() / sizeof(uint64_t)) Reader::damaged("it has fewer strings than its shape says");
  Reader lengths(bytes);
  Reader texts(bytes.subspan(count * sizeof(uint64_t)));
  std::vector<std::string> values;
  values.reserve(count);
  for (uint64_t i = 0; i < count; ++i) values.push_back(text_of(texts.take(lengths.word())));
  const Tensor tensor = string_tensor(std::move(values), Shape(shape));
  return {DType::string, std::move(shape), tensor.data, tensor.owner};
}

Array read_array(Reader& head, std::span<const std::byte> message) {
  const uint64_t dtype = head.word();
  const uint64_t rank = head.word();
  if (dtype > static_cast<uint64_t>(DType::string) || rank > kMaxRank) Reader::damaged("its head is no head");
  Array array;
  array.dtype = static_cast<DType>(dtype);
  uint64_t count = 1;
  for (uint64_t axis = 0; axis < rank; ++axis) {
    const uint64_t size = head.word();
    if (size > message.size() && count != 0) Reader::damaged("a size is too large");
    array.shape.push_back(static_cast<int64_t>(size));
    if (__builtin_mul_overflow(count, size, &count)) Reader::damaged("its sizes are too large");
  }
  const uint64_t offset = head.word();
  const uint64_t bytes = head.word();
  if (offset > message.size() || bytes > message.size() - offset) Reader::damaged("an array lies outside");
  const auto elements = message.subspan(offset, bytes);
  if (array.dtype == DType::string) return read_strings(array.shape, count, elements);
  if (count > bytes || count * static_cast<uint64_t>(dtype_size(array.dtype)) != bytes)
    Reader::damaged("an array has not the bytes that its shape says");
  array.data = elements.data();
  return array;
}

}  // namespace

uint64_t message_bytes(std::span<const Array> arrays) {
  uint64_t bytes = aligned(head_bytes(arrays));
  for (const Array& array : arrays) bytes += aligned(element_bytes(array));
  return bytes;
}

void write_message(std::span<const Array> arrays, std::byte* out) {
  Writer head(out);
  head.word(arrays.size());
  uint64_t offset = aligned(head_bytes(arrays));
  for (const Array& array : arrays) {
    const uint64_t bytes = element_bytes(array);
    head.word(static_cast<uint64_t>(array.dtype));
    head.word(array.shape.size());
    for (const int64_t size : array.shape) head.word(static_cast<uint64_t>(size));
    head.word(offset);
    head.word(bytes);
    write_elements(array, out + offset);
    offset += aligned(bytes);
  }
}

std::vector<Array> read_message(std::span<const std::byte> bytes) {
  Reader head(bytes);
  const uint64_t count = head.word();
  if (count > kMaxArrays) Reader::damaged("it has too many arrays");
  std::vector<Array> arrays;
  for (uint64_t i = 0; i < count; ++i) arrays.push_back(read_array(head, bytes));
  return arrays;
}

size_t write_error(const Error& error, std::span<std::byte> out) {
  constexpr size_t kHead = 2 * sizeof(uint64_t);
  const size_t where = std::min(error.where().size(), (out.size() - kHead) / 2);
  const size_t message = std::min(error.message().size(), out.size() - kHead - where);
  Writer writer(out.data());
  writer.word(static_cast<uint64_t>(error.code()));
  writer.word(where);
  writer.bytes(error.where().data(), where);
  writer.bytes(error.message().data(), message);
  return kHead + where + message;
}

Error read_error(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  const auto code = static_cast<ErrorCode>(reader.word());
  const uint64_t where_bytes = reader.word();
  std::string where = text_of(reader.take(where_bytes));
  std::string message = text_of(bytes.subspan(2 * sizeof(uint64_t) + where_bytes));
  return Error(code, std::move(message), std::move(where));
}

Array own_copy(const Array& array) {
  if (array.dtype == DType::string) return array;  // read_message() copied them
  const NewTensor copy = new_tensor(array.dtype, Shape(array.shape));
  if (array.size_bytes() > 0) std::memcpy(copy.data, array.data, static_cast<size_t>(array.size_bytes()));
  return {array.dtype, array.shape, copy.tensor.data, copy.tensor.owner};
}

}  // namespace cornu
