#include "formats/hdf5/dataset.h"

#include <algorithm>

#include "base/checked.h"
#include "base/printable.h"
#include "formats/hdf5/attribute.h"
#include "formats/hdf5/chunks.h"
#include "formats/hdf5/datatype.h"
#include "formats/hdf5/layout.h"

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
    fail(ErrorCode::unsupported, object.where(), "has elements of type \"{}\" in {} bytes", printable(name),
         type.element_bytes);
  }
  return *dtype;
}

Tensor view(const Image& image, DType dtype, const Shape& shape, std::span<const std::byte> bytes) {
  return {dtype, shape, bytes.data(), image.owner, image.in_place};
}

void check_unstored(const Object& object, const Dataspace& space, uint64_t data_bytes) {
  if (data_bytes > kMaxUnstoredBytes) {
    fail(ErrorCode::bad_file, object.where(), "declares shape {} of {} bytes but stores none",
         space.shape.to_string(), data_bytes);
  }
}

// A tensor in which every element has the fill value.
NewTensor new_filled(const Object& object, DType dtype, const Shape& shape, uint64_t data_bytes,
                     const Layout& layout) {
  object.image().justify_copy(data_bytes);
  NewTensor out = new_tensor(dtype, shape);
  const bool zero =
      std::all_of(layout.fill.begin(), layout.fill.end(), [](std::byte b) { return b == std::byte{0}; });
  if (!zero && layout.fill.size() == static_cast<size_t>(dtype_size(dtype))) {
    std::byte* element = out.data;
    for (int64_t i = 0; i < shape.elements(); ++i)
      element = std::copy(layout.fill.begin(), layout.fill.end(), element);
  }
  return out;
}

// Unpacks chunks, once their declared size is known to be justified by what is stored.
//   dtype, shape  of the result, whatever the dataset's own are
NewTensor read_chunked(const Object& object, const Datatype& type, const Dataspace& space,
                       const Layout& layout, uint64_t data_bytes, DType dtype, const Shape& shape) {
  const uint64_t chunk_bytes = chunk_size_bytes(object, layout, space, type.element_bytes);
  const std::vector<Chunk> chunks = find_chunks(object, layout, space, chunk_bytes);
  const uint64_t expansion = largest_expansion(layout.filters);
  uint64_t stored = 0;
  bool justified = true;
  for (const Chunk& chunk : chunks) {
    stored += chunk.stored.size();
    justified = justified && chunk_bytes / expansion <= chunk.stored.size();
  }
  if (!justified || data_bytes / expansion > stored + kMaxUnstoredBytes / expansion) {
    fail(ErrorCode::bad_file, object.where(),
         "declares {} bytes in chunks of {}, more than its {} stored bytes can hold", data_bytes, chunk_bytes,
         stored);
  }
  NewTensor out = new_filled(object, dtype, shape, data_bytes, layout);
  unpack_chunks(object, layout, space, chunks, {out.data, static_cast<size_t>(data_bytes)}, chunk_bytes);
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
  NewTensor out{};
  if (layout.kind == LayoutKind::bytes) {
    object.image().justify_copy(data_bytes);
    out = new_tensor(dtype, space.shape);
    std::copy_n(layout.data.begin(), data_bytes, out.data);
  } else if (layout.kind == LayoutKind::chunked) {
    out = read_chunked(object, type, space, layout, data_bytes, dtype, space.shape);
  } else {
    check_unstored(object, space, data_bytes);
    out = new_filled(object, dtype, space.shape, data_bytes, layout);
  }
  if (swapped) reverse_elements(out.data, space.elements, type.element_bytes);
  return out.tensor;
}

Tensor read_text(const Object& object, const Datatype& type, const Dataspace& space, const Layout& layout,
                 uint64_t data_bytes) {
  if (layout.kind == LayoutKind::none) {
    check_unstored(object, space, data_bytes);
    return string_tensor(std::vector<std::string>(static_cast<size_t>(space.elements)), space.shape);
  }
  NewTensor copy{};
  std::span<const std::byte> data = layout.data;
  if (layout.kind == LayoutKind::chunked) {
    // Unpacked as bytes, one element after the other.
    copy = read_chunked(object, type, space, layout, data_bytes, DType::uint8,
                        {static_cast<int64_t>(data_bytes)});
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
