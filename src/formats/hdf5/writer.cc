#include "formats/hdf5/writer.h"

#include <unordered_map>

#include "base/fail.h"
#include "base/printable.h"
#include "formats/hdf5/encode.h"
#include "tensor/pieces.h"

namespace cornu::formats::hdf5 {
namespace {

// An attribute lies in a message of its object's header, whose size field has 16 bits (specification, IV.A.2). Keras
// leaves the same room: HDF5_OBJECT_HEADER_LIMIT in keras/src/legacy/saving/legacy_h5_format.py, 3.15.1
constexpr size_t kMaxAttributeBytes = 64512;
constexpr size_t kMaxMessages = 65535;  // the count of a header's messages has 16 bits

uint64_t aligned(uint64_t offset, uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

NewObject* find(const NewObject& group, std::string_view name) {
  for (const auto& [link, object] : group.links) {
    if (link == name) return object;
  }
  return nullptr;
}

// Where everything will lie.
struct Layout {
  std::unordered_map<const NewObject*, uint64_t> headers;
  std::unordered_map<const NewObject*, uint64_t> data;
  uint64_t heap = 0;
  uint64_t end = 0;
};

// The messages of an object's header. Sizes do not depend on the addresses, so that a first call with an empty layout
// tells them.
Bytes object_header(const NewObject& object, const Layout& layout, TextHeap& heap) {
  const auto address = [](const auto& map, const NewObject* of) {
    const auto found = map.find(of);
    return found == map.end() ? uint64_t{0} : found->second;
  };
  Header header;
  if (object.tensor != nullptr) {
    header.add_dataset(*object.tensor, address(layout.data, &object));
  } else {
    header.begin_group();
    for (const auto& [name, child] : object.links) header.add_link(name, address(layout.headers, child));
  }
  for (const NewAttribute& attribute : object.attributes) {
    if (attribute.is_list) {
      header.add_texts(attribute.name, attribute.texts);
    } else {
      header.add_text(attribute.name, attribute.texts.front().size(), heap.add(attribute.texts.front()),
                      layout.heap);
    }
  }
  if (header.messages() > kMaxMessages) {
    fail(ErrorCode::unsupported, "write_hdf5",
         "a group of {} members does not fit an HDF5 object header of {} messages", object.links.size(),
         kMaxMessages);
  }
  return header.finish();
}

class Counted {
 public:
  explicit Counted(const ByteSink& sink) : sink_(sink) {}
  void write(std::span<const std::byte> bytes) {
    if (!bytes.empty()) sink_(bytes);
    at_ += bytes.size();
  }
  void pad_to(uint64_t offset) {
    static constexpr std::byte kZeros[kDataAlignment] = {};
    while (at_ < offset) write(std::span(kZeros).first(std::min<uint64_t>(kDataAlignment, offset - at_)));
  }
  uint64_t at() const { return at_; }

 private:
  const ByteSink& sink_;
  uint64_t at_ = 0;
};

}  // namespace

void NewObject::set_text(std::string name, std::string text) {
  attributes.push_back({std::move(name), {std::move(text)}, false});
}

void NewObject::set_texts(const std::string& name, const std::vector<std::string>& texts) {
  size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  if (longest > kMaxAttributeBytes) {
    fail(ErrorCode::unsupported, name, "a name of {} bytes does not fit an HDF5 attribute of {}", longest,
         kMaxAttributeBytes);
  }
  const size_t each = kMaxAttributeBytes / longest;
  if (texts.size() <= each) {
    attributes.push_back({name, texts, true});
    return;
  }
  for (size_t begin = 0, part = 0; begin < texts.size(); begin += each, ++part) {
    const auto first = texts.begin() + static_cast<long>(begin);
    const auto last = texts.begin() + static_cast<long>(std::min(texts.size(), begin + each));
    attributes.push_back({name + std::to_string(part), {first, last}, true});
  }
}

NewFile::NewFile() {
  objects_.emplace_back();
}

NewObject& NewFile::add(NewObject& parent, std::string name) {
  NewObject& object = objects_.emplace_back();
  parent.links.emplace_back(std::move(name), &object);
  return object;
}

NewObject& NewFile::group(NewObject& parent, std::string_view path) {
  NewObject* at = &parent;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
    if (part.empty()) continue;
    NewObject* child = find(*at, part);
    if (child == nullptr) child = &add(*at, std::string(part));
    if (child->tensor != nullptr) {
      fail(ErrorCode::bad_argument, "write_hdf5", "\"{}\" is an array and cannot be a group as well",
           printable(part));
    }
    at = child;
  }
  return *at;
}

NewObject& NewFile::dataset(NewObject& parent, std::string_view path, const Tensor& tensor) {
  if (!is_storable(tensor.dtype)) {
    fail(ErrorCode::unsupported, std::string(path), "an array of {} cannot be written to HDF5",
         dtype_name(tensor.dtype));
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  NewObject& folder = slash == path.npos ? parent : group(parent, path.substr(0, slash));
  const std::string_view name = slash == path.npos ? path : path.substr(slash + 1);
  if (name.empty() || find(folder, name) != nullptr) {
    fail(ErrorCode::bad_argument, "write_hdf5", "the name \"{}\" is empty or taken", printable(path));
  }
  NewObject& object = add(folder, std::string(name));
  object.tensor = &tensor;
  // Keras marks the bytes of a type that HDF5 lacks: H5IOStore in keras/src/saving/saving_lib.py, 3.15.1
  if (tensor.dtype == DType::bfloat16) object.set_text("dtype", "bfloat16");
  datasets_.push_back(&object);
  return object;
}

uint64_t NewFile::write(const ByteSink& sink) {
  Layout layout;
  uint64_t at = kSuperblockBytes;
  TextHeap sizes;
  for (const NewObject& object : objects_) {
    layout.headers[&object] = at;
    at += object_header(object, {}, sizes).size();
  }
  layout.heap = at;
  at += sizes.finish().size();
  for (const NewObject* dataset : datasets_) {
    const auto bytes = static_cast<uint64_t>(dataset->tensor->size_bytes());
    if (bytes == 0) continue;
    at = aligned(at, kDataAlignment);
    layout.data[dataset] = at;
    at += bytes;
  }
  layout.end = at;

  Counted out(sink);
  out.write(superblock(layout.headers[&root()], layout.end));
  TextHeap heap;
  for (const NewObject& object : objects_) out.write(object_header(object, layout, heap));
  out.write(heap.finish());
  for (const NewObject* dataset : datasets_) {
    const Tensor& tensor = *dataset->tensor;
    if (tensor.size_bytes() == 0) continue;
    out.pad_to(layout.data[dataset]);
    for_each_piece(tensor, [&out](std::span<const std::byte> bytes) { out.write(bytes); });
  }
  return out.at();
}

}  // namespace cornu::formats::hdf5
