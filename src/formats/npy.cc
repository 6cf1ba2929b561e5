#include "formats/npy.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/checked.h"
#include "base/fail.h"
#include "base/half.h"
#include "base/kernel.h"
#include "base/printable.h"
#include "formats/npy_header.h"

namespace cornu::formats {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors hold little-endian numbers");

struct NumberType {
  char kind;
  int64_t size_bytes;
  DType dtype;
};

constexpr NumberType kNumberTypes[] = {
    {'f', 2, DType::float16},   {'f', 4, DType::float32},    {'f', 8, DType::float64},
    {'i', 1, DType::int8},      {'i', 2, DType::int16},      {'i', 4, DType::int32},
    {'i', 8, DType::int64},     {'u', 1, DType::uint8},      {'u', 2, DType::uint16},
    {'u', 4, DType::uint32},    {'u', 8, DType::uint64},     {'b', 1, DType::boolean},
    {'c', 8, DType::complex64}, {'c', 16, DType::complex128}};

std::optional<DType> number_type(const NpyHeader& header) {
  for (const NumberType& type : kNumberTypes) {
    if (type.kind == header.kind && type.size_bytes == header.item_number) return type.dtype;
  }
  return std::nullopt;
}

[[noreturn]] void refuse_type(const NpyHeader& header, const std::string& where) {
  if (header.kind == 'O') {
    fail(ErrorCode::unsupported, where,
         "an array of Python objects is a pickle, which could run any code; it is not read");
  }
  fail(ErrorCode::unsupported, where, "NumPy type '{}' is not read; use numbers, booleans, bytes or text",
       printable(header.type_code));
}

// An array as the file has it: `elements` items of `item_bytes` each.
struct RawArray {
  const NpyHeader& header;
  Shape shape;
  int64_t elements;
  int64_t item_bytes;
  std::span<const std::byte> data;
  bool swapped;  // its numbers are big-endian
};

// Turns items from Fortran order to C order: out item i of the row-major `shape` comes from in item order[i].
std::vector<int64_t> fortran_positions(const Shape& shape, int64_t elements) {
  std::vector<int64_t> positions;
  positions.reserve(static_cast<size_t>(elements));
  const int rank = shape.rank();
  std::vector<int64_t> strides(static_cast<size_t>(rank));
  int64_t stride = 1;
  for (int axis = 0; axis < rank; ++axis) {
    strides[static_cast<size_t>(axis)] = stride;
    stride *= std::max<int64_t>(shape[axis], 1);
  }
  std::vector<int64_t> index(static_cast<size_t>(rank), 0);
  int64_t position = 0;
  for (int64_t i = 0; i < elements; ++i) {
    positions.push_back(position);
    for (int axis = rank - 1; axis >= 0; --axis) {
      const auto a = static_cast<size_t>(axis);
      position += strides[a];
      if (++index[a] < shape[axis]) break;
      position -= index[a] * strides[a];
      index[a] = 0;
    }
  }
  return positions;
}

bool needs_transposition(const RawArray& array) {
  const auto longer_than_one = [](int64_t size) { return size > 1; };
  return array.header.fortran_order &&
         std::count_if(array.shape.begin(), array.shape.end(), longer_than_one) > 1;
}

std::vector<std::byte> transposed(const RawArray& array) {
  const auto item_bytes = static_cast<size_t>(array.item_bytes);
  std::vector<std::byte> out(array.data.size());
  std::byte* next = out.data();
  for (const int64_t position : fortran_positions(array.shape, array.elements)) {
    std::memcpy(next, array.data.data() + position * array.item_bytes, item_bytes);
    next += item_bytes;
  }
  return out;
}

void swap_bytes(std::byte* data, int64_t count, int64_t size_bytes) {
  for (int64_t i = 0; i < count; ++i) std::reverse(data + i * size_bytes, data + (i + 1) * size_bytes);
}

bool has_other_than_0_and_1(std::span<const std::byte> data) {
  return std::any_of(data.begin(), data.end(),
                     [](std::byte value) { return std::to_integer<int>(value) > 1; });
}

Tensor read_numbers(const RawArray& array, DType dtype, const FileBytes& file) {
  const bool transpose = needs_transposition(array);
  const bool odd_booleans = dtype == DType::boolean && has_other_than_0_and_1(array.data);
  if (!transpose && !array.swapped && !odd_booleans) {
    return {dtype, array.shape, array.data.data(), file.owner, file.in_place};
  }
  NewTensor out = new_tensor(dtype, array.shape);
  if (array.data.empty()) return out.tensor;
  const std::vector<std::byte> ordered = transpose ? transposed(array) : std::vector<std::byte>();
  std::memcpy(out.data, transpose ? ordered.data() : array.data.data(), array.data.size());
  if (array.swapped) {
    const int64_t parts = array.header.kind == 'c' ? 2 : 1;  // real and imaginary part are swapped each
    swap_bytes(out.data, array.elements * parts, array.item_bytes / parts);
  }
  if (odd_booleans) {
    for (int64_t i = 0; i < array.elements; ++i) out.data[i] = std::byte{out.data[i] != std::byte{0}};
  }
  return out.tensor;
}

// Source: RFC 3629, section 3.
void append_utf8(std::string& out, uint32_t point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string bytes_to_string(const std::byte* item, int64_t size_bytes) {
  const std::string_view all(reinterpret_cast<const char*>(item), static_cast<size_t>(size_bytes));
  return std::string(all.substr(0, all.find_last_not_of('\0') + 1));
}

std::string utf32_to_string(const std::byte* item, int64_t characters, bool swapped,
                            const std::string& where) {
  std::string out;
  std::vector<uint32_t> points(static_cast<size_t>(characters));
  if (characters > 0) std::memcpy(points.data(), item, points.size() * sizeof(uint32_t));
  if (swapped) swap_bytes(reinterpret_cast<std::byte*>(points.data()), characters, sizeof(uint32_t));
  while (!points.empty() && points.back() == 0) points.pop_back();
  for (const uint32_t point : points) {
    const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point > 0x10ffff || is_surrogate)
      fail(ErrorCode::bad_file, where, "a text has code point {:#x}, which is no character", point);
    append_utf8(out, point);
  }
  return out;
}

Tensor read_strings(const RawArray& array, const std::string& where) {
  std::vector<std::string> values;
  values.reserve(static_cast<size_t>(array.elements));
  const std::vector<int64_t> order =
      needs_transposition(array) ? fortran_positions(array.shape, array.elements) : std::vector<int64_t>();
  for (int64_t i = 0; i < array.elements; ++i) {
    const int64_t position = order.empty() ? i : order[static_cast<size_t>(i)];
    const std::byte* item = array.data.data() + position * array.item_bytes;
    values.push_back(array.header.kind == 'S'
                         ? bytes_to_string(item, array.item_bytes)
                         : utf32_to_string(item, array.header.item_number, array.swapped, where));
  }
  return string_tensor(std::move(values), array.shape);
}

std::vector<std::string> strings_of(const Tensor& tensor) {
  const auto* values = reinterpret_cast<const std::string*>(tensor.data);
  return {values, values + tensor.shape.elements()};
}

// How a tensor is written: its type code and the bytes of an item.
struct WrittenType {
  std::string descr;
  int64_t item_bytes;
};

WrittenType written_type(const Tensor& tensor) {
  if (tensor.dtype == DType::bfloat16) return {"<f4", 4};
  if (tensor.dtype == DType::string) {
    size_t longest = 1;  // NumPy has no strings of 0 bytes in files
    for (const std::string& value : strings_of(tensor)) longest = std::max(longest, value.size());
    return {fmt::format("|S{}", longest), static_cast<int64_t>(longest)};
  }
  for (const NumberType& type : kNumberTypes) {
    if (type.dtype == tensor.dtype)
      return {fmt::format("{}{}{}", type.size_bytes == 1 ? '|' : '<', type.kind, type.size_bytes),
              type.size_bytes};
  }
  fail(ErrorCode::internal, "npy", "{} has no NumPy type", dtype_name(tensor.dtype));
}

}  // namespace

Tensor read_npy(const FileBytes& file, const std::string& where) {
  const NpyHeader header = parse_npy_header(file.bytes, where);
  const bool is_text = header.kind == 'S' || header.kind == 'U';
  const std::optional<DType> dtype = number_type(header);
  if (!dtype && !is_text) refuse_type(header, where);
  if (header.shape.size() > Shape::kMaxRank) {
    fail(ErrorCode::unsupported, where, "the array has {} axes, at most {} are supported",
         header.shape.size(), Shape::kMaxRank);
  }
  const Shape shape{std::span<const int64_t>(header.shape)};
  const int64_t elements = shape.elements();
  const int64_t item_bytes =
      header.kind == 'U' ? checked_mul(header.item_number, 4, where) : header.item_number;
  const int64_t data_bytes = checked_mul(elements, item_bytes, where);
  const auto rest = static_cast<int64_t>(file.bytes.size()) - header.data_offset;
  // Items of 0 bytes (type S0) cost memory here though none in the file: no more of them than the file has
  // bytes.
  if (data_bytes > rest || (item_bytes == 0 && elements > static_cast<int64_t>(file.bytes.size()))) {
    fail(ErrorCode::bad_file, where,
         "an array of shape {} with items of {} bytes does not fit the {} bytes after the header",
         shape.to_string(), item_bytes, rest);
  }
  const auto data =
      file.bytes.subspan(static_cast<size_t>(header.data_offset), static_cast<size_t>(data_bytes));
  const RawArray array{header,     shape, elements,
                       item_bytes, data,  header.byte_order == '>' && (header.item_number > 1 || is_text)};
  return is_text ? read_strings(array, where) : read_numbers(array, *dtype, file);
}

int64_t npy_size_bytes(const Tensor& tensor) {
  const WrittenType type = written_type(tensor);
  return static_cast<int64_t>(make_npy_header(type.descr, tensor.shape.dims()).size()) +
         tensor.shape.elements() * type.item_bytes;
}

void write_npy(const Tensor& tensor, const std::function<void(std::span<const std::byte>)>& write) {
  const WrittenType type = written_type(tensor);
  const std::string header = make_npy_header(type.descr, tensor.shape.dims());
  write(std::as_bytes(std::span(header)));
  const auto elements = static_cast<size_t>(tensor.shape.elements());
  if (elements == 0) return;
  if (tensor.dtype == DType::bfloat16) {
    std::vector<float> values(elements);
    for (size_t i = 0; i < elements; ++i)
      values[i] = to_float(load_at<BFloat16>(tensor.data, static_cast<int64_t>(i)));
    write(std::as_bytes(std::span(values)));
  } else if (tensor.dtype == DType::string) {
    for (std::string value : strings_of(tensor)) {
      value.resize(static_cast<size_t>(type.item_bytes), '\0');
      write(std::as_bytes(std::span(value)));
    }
  } else {
    write({tensor.data, elements * static_cast<size_t>(type.item_bytes)});
  }
}

}  // namespace cornu::formats
