#include "formats/hdf5/chunks.h"

#include <algorithm>
#include <cstring>

#include "base/checked.h"

namespace cornu::formats::hdf5 {
namespace {

// The part of a chunk that lies inside the dataset, and how both are laid out; sizes in elements, strides in
// bytes.
struct Copy {
  int rank;
  std::array<size_t, Shape::kMaxRank> count{};
  std::array<size_t, Shape::kMaxRank> chunk_stride{};
  std::array<size_t, Shape::kMaxRank> out_stride{};
};

// Copies rows of the last axis, counting the other axes up like an odometer.
void copy_rows(const Copy& copy, size_t element_bytes, const std::byte* from, std::byte* to) {
  const auto last = static_cast<size_t>(copy.rank - 1);
  const size_t row_bytes = copy.count[last] * element_bytes;
  std::array<size_t, Shape::kMaxRank> at{};
  while (true) {
    std::memcpy(to, from, row_bytes);
    size_t axis = last;
    while (axis > 0) {
      --axis;
      from += copy.chunk_stride[axis];
      to += copy.out_stride[axis];
      if (++at[axis] < copy.count[axis]) break;
      from -= at[axis] * copy.chunk_stride[axis];
      to -= at[axis] * copy.out_stride[axis];
      at[axis] = 0;
      if (axis == 0) return;
    }
    if (last == 0) return;
  }
}

void place(const Chunk& chunk, const Layout& layout, const Dataspace& space, const std::byte* unpacked,
           std::byte* out) {
  Copy copy{space.shape.rank()};
  const size_t element_bytes = layout.chunk_shape.back();
  size_t chunk_stride = element_bytes;
  size_t out_stride = element_bytes;
  for (int axis = copy.rank - 1; axis >= 0; --axis) {
    const auto i = static_cast<size_t>(axis);
    const auto size = static_cast<uint64_t>(space.shape[axis]);
    if (chunk.start[i] >= size) return;  // left over from a time when the dataset was larger
    copy.count[i] = std::min(layout.chunk_shape[i], size - chunk.start[i]);
    copy.chunk_stride[i] = chunk_stride;
    copy.out_stride[i] = out_stride;
    out += chunk.start[i] * out_stride;
    chunk_stride *= layout.chunk_shape[i];
    out_stride *= size;
  }
  copy_rows(copy, element_bytes, unpacked, out);
}

}  // namespace

uint64_t chunk_size_bytes(const Object& object, const Layout& layout, const Dataspace& space,
                          uint32_t element_bytes) {
  const auto rank = static_cast<size_t>(space.shape.rank());
  if (rank == 0 || layout.chunk_shape.size() != rank + 1 || layout.chunk_shape.back() != element_bytes) {
    fail(ErrorCode::bad_file, object.where(), "has chunks that do not fit its shape {}",
         space.shape.to_string());
  }
  uint64_t bytes = 1;
  for (uint64_t size : layout.chunk_shape) {
    if (size == 0 || __builtin_mul_overflow(bytes, size, &bytes)) {
      fail(ErrorCode::bad_file, object.where(), "has chunks with an axis of size {}", size);
    }
  }
  return bytes;
}

void unpack_chunks(const Object& object, const Layout& layout, const Dataspace& space,
                   const std::vector<Chunk>& chunks, std::span<std::byte> out, uint64_t chunk_bytes) {
  std::vector<std::byte> scratch;
  for (const Chunk& chunk : chunks) {
    const std::span<const std::byte> unpacked =
        undo_filters(object, layout.filters, chunk.skipped, chunk.stored, chunk_bytes, scratch);
    place(chunk, layout, space, unpacked.data(), out.data());
  }
}

}  // namespace cornu::formats::hdf5
