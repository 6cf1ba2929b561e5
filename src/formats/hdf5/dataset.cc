#include "formats/hdf5/dataset.h"

#include <algorithm>

#include "base/checked.h"
#include "formats/hdf5/attribute.h"
#include "formats/hdf5/datatype.h"
#include "formats/hdf5/layout.h"
#include "formats/hdf5/library.h"

namespace cornu::formats::hdf5 {
namespace {

// A dataset that was created and never written has no bytes to justify its size. Real ones are counters and
// the like; this is also what 64 stored bytes could become by deflate.
constexpr uint64_t kMaxUnstoredBytes = 1 << 16;

std::span<const std::byte> message_data(const Object& object, MessageType type, const char* name) {
  const Message* message = object.find(type);
  if (message == nullptr)
    fail(ErrorCode::bad_file, object.where(), "has no {}, so it is not a dataset", name);
  return resolve_shared(object.image(), type, message->shared, message->data);
}

// The type of opaque elements stands beside them. Where it does not, as in the .h5 files of Keras 3, two bytes are a
// bfloat16: NumPy has no such type of its own, so h5py stores its bytes as they are.
DType named_dtype(const Object& object, const Datatype& type) {
  const auto attribute = find_attribute(object, "dtype");
  if (!attribute) {
    if (type.element_bytes == dtype_size(DType::bfloat16)) return DType::bfloat16;
    fail(ErrorCode::unsupported, object.where(), "has opaque elements of {} bytes and no attribute `dtype`",
         type.element_bytes);
  }
  const std::string_view name = attribute->text();
  const std::optional<DType> dtype = dtype_from_name(name);
  if (!dtype || dtype_size(*dtype) != type.element_bytes || *dtype == DType::string) {
    fail(ErrorCode::unsupported, object.where(), "has elements of type \"{}\" in {} bytes", name,
         type.element_bytes);
  }
  return *dtype;
}

Tensor view(const Image& image, DType dtype, const Shape& shape, std::span<const std::byte> bytes) {
  return {dtype, shape, bytes.data(), image.owner, image.in_place};
}

// Every element has the fill value.
NewTensor filled(const Object& object, DType dtype, const Dataspace& space, uint64_t data_bytes,
                 const Layout& layout) {
  if (data_bytes > kMaxUnstoredBytes) {
    fail(ErrorCode::bad_file, object.where(), "declares shape {} of {} bytes but stores none",
         space.shape.to_string(), data_bytes);
  }
  object.image().justify_copy(data_bytes);
  NewTensor out = new_tensor(dtype, space.shape);
  const auto element_bytes = static_cast<size_t>(dtype_size(dtype));
  const bool zero =
      std::all_of(layout.fill.begin(), layout.fill.end(), [](std::byte b) { return b == std::byte{0}; });
  if (!zero && layout.fill.size() == element_bytes) {
    for (int64_t i = 0; i < space.elements; ++i) {
      std::copy(layout.fill.begin(), layout.fill.end(), out.data + static_cast<size_t>(i) * element_bytes);
    }
  }
  return out;
}

// Through the library, once the declared size is known to be justified by what is stored.
NewTensor read_by_library(const Object& object, DType dtype, const Shape& shape, const Layout& layout,
                          uint64_t data_bytes) {
  const Image& image = object.image();
  if (layout.kind == LayoutKind::chunked) {
    const uint64_t expansion = largest_expansion(layout);
    const uint64_t stored = std::min<uint64_t>(image.library->stored_bytes(object), image.bytes.size());
    if (data_bytes / expansion > stored + kMaxUnstoredBytes / expansion ||
        layout.chunk_bytes / expansion > image.bytes.size()) {
      fail(ErrorCode::bad_file, object.where(),
           "declares {} bytes in chunks of {}, more than its {} stored bytes can hold", data_bytes,
           layout.chunk_bytes, stored);
    }
  }
  image.justify_copy(data_bytes);
  NewTensor out = new_tensor(dtype, shape);
  image.library->read(object, {out.data, static_cast<size_t>(data_bytes)});
  return out;
}

void reverse_elements(std::byte* data, int64_t count, uint32_t element_bytes) {
  for (int64_t i = 0; i < count; ++i, data += element_bytes) std::reverse(data, data + element_bytes);
}

Tensor read_numbers(const Object& object, const Datatype& type, DType dtype, const Dataspace& space,
                    const Layout& layout, uint64_t data_bytes) {
  const bool swapped = type.encoding == Encoding::big_endian;
  if (layout.kind == LayoutKind::bytes && !swapped)
    return view(object.image(), dtype, space.shape, layout.data);
  if (layout.kind == LayoutKind::none) {
    NewTensor out = filled(object, dtype, space, data_bytes, layout);
    if (swapped) reverse_elements(out.data, space.elements, type.element_bytes);
    return out.tensor;
  }
  return read_by_library(object, dtype, space.shape, layout, data_bytes).tensor;
}

Tensor read_text(const Object& object, const Datatype& type, const Dataspace& space, const Layout& layout,
                 uint64_t data_bytes) {
  if (layout.kind == LayoutKind::none) {
    filled(object, DType::uint8, space, data_bytes, {});  // for its check of the size
    return string_tensor(std::vector<std::string>(static_cast<size_t>(space.elements)), space.shape);
  }
  NewTensor copy{};
  std::span<const std::byte> data = layout.data;
  if (layout.kind == LayoutKind::chunked) {
    if (type.encoding == Encoding::variable_string) {
      fail(ErrorCode::unsupported, object.where(),
           "holds strings of variable length in chunks; store them contiguous");
    }
    copy = read_by_library(object, DType::uint8, {static_cast<int64_t>(data_bytes)}, layout, data_bytes);
    data = {copy.data, static_cast<size_t>(data_bytes)};
  }
  const auto views = read_strings(object.image(), type, space.elements, data, object.where());
  // Many references may name one long string.
  for (std::string_view text : views) object.image().justify_copy(text.size() + sizeof(std::string));
  return string_tensor({views.begin(), views.end()}, space.shape);
}

}  // namespace

Tensor read_dataset(const Object& object) {
  const Image& image = object.image();
  const Dataspace space =
      read_dataspace(image, message_data(object, MessageType::dataspace, "dataspace"), object.where());
  const Datatype type = read_datatype(image, message_data(object, MessageType::datatype, "datatype"));
  if (type.encoding == Encoding::unsupported) {
    fail(ErrorCode::unsupported, object.where(), "holds {}; numbers, bool and text are supported",
         type.description);
  }
  const DType dtype = type.encoding == Encoding::raw ? named_dtype(object, type) : type.dtype;
  const auto data_bytes =
      static_cast<uint64_t>(checked_mul(space.elements, type.element_bytes, object.where()));
  const Layout layout = read_layout(object, data_bytes);
  if (space.null || space.elements == 0) {
    const Shape shape = space.null ? Shape{0} : space.shape;
    return dtype == DType::string ? string_tensor({}, shape) : view(image, dtype, shape, {});
  }
  if (dtype == DType::string) return read_text(object, type, space, layout, data_bytes);
  return read_numbers(object, type, dtype, space, layout, data_bytes);
}

}  // namespace cornu::formats::hdf5
