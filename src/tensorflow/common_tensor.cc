// TensorProto -> Tensor.
#include <cstring>

#include "base/checked.h"
#include "base/half.h"
#include "formats/proto.h"
#include "tensorflow/graph_def.h"

namespace cornu::tensorflow {
namespace {

// A proto may store one value for any number of elements. More than this would be an attack, not a constant.
constexpr int64_t kMaxFilledBytes = int64_t{1} << 30;

struct Fields {
  std::optional<DType> dtype;
  int type_number = 0;
  MaybeShape shape = Shape{};
  Bytes content;
  bool has_content = false;
};

Fields read_fields(protozero::pbf_reader reader) {
  Fields fields;
  while (reader.next()) {
    if (reader.tag() == 1) {
      fields.type_number = static_cast<int>(varint_of(reader));
      fields.dtype = dtype_of(fields.type_number);
    } else if (reader.tag() == 2) {
      fields.shape = decode_shape(view_of(reader));
    } else if (reader.tag() == 4) {
      fields.content = view_of(reader);
      fields.has_content = true;
    } else {
      reader.skip();
    }
  }
  return fields;
}

// Values of a repeated number field, packed or not, as bytes of the element type.
template <class Element>
void append(std::string& out, Element value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(Element));
}

// float_val, double_val, scomplex_val, dcomplex_val: fixed-size numbers that are stored as they are.
std::string fixed_values(protozero::pbf_reader reader, uint32_t tag) {
  std::string out;
  while (reader.next(tag)) {
    if (reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
      out += reader.get_view();
    } else if (reader.wire_type() == protozero::pbf_wire_type::fixed32) {
      append(out, reader.get_float());
    } else {
      append(out, reader.get_double());
    }
  }
  return out;
}

template <class Element>
std::string varint_values(protozero::pbf_reader reader, uint32_t tag) {
  std::string out;
  while (reader.next(tag)) {
    if (reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
      for (int64_t value : reader.get_packed_int64()) append(out, static_cast<Element>(value));
    } else {
      append(out, static_cast<Element>(varint_of(reader)));
    }
  }
  return out;
}

std::string stored_values(const protozero::pbf_reader& reader, DType dtype) {
  switch (dtype) {
    case DType::float32:
      return fixed_values(reader, 5);
    case DType::float64:
      return fixed_values(reader, 6);
    case DType::complex64:
      return fixed_values(reader, 9);
    case DType::complex128:
      return fixed_values(reader, 12);
    case DType::int32:
      return varint_values<int32_t>(reader, 7);
    case DType::int16:
    case DType::uint16:
      return varint_values<int16_t>(reader, 7);
    case DType::int8:
    case DType::uint8:
      return varint_values<int8_t>(reader, 7);
    case DType::int64:
      return varint_values<int64_t>(reader, 10);
    case DType::boolean:
      return varint_values<bool>(reader, 11);
    case DType::float16:
    case DType::bfloat16:
      return varint_values<uint16_t>(reader, 13);
    case DType::uint32:
      return varint_values<uint32_t>(reader, 16);
    case DType::uint64:
      return varint_values<uint64_t>(reader, 17);
    default:
      return {};
  }
}

Tensor decode_strings(protozero::pbf_reader reader, const Shape& shape, const std::string& where) {
  std::vector<std::string> values;
  while (reader.next(8)) values.emplace_back(view_of(reader));
  const int64_t count = shape.elements();
  if (static_cast<int64_t>(values.size()) > count || count * 32 > kMaxFilledBytes) {
    fail(ErrorCode::bad_file, where, "a constant of shape {} stores {} strings", shape.to_string(),
         values.size());
  }
  values.resize(static_cast<size_t>(count), values.empty() ? std::string() : values.back());
  return string_tensor(std::move(values), shape);
}

}  // namespace

Tensor decode_tensor(Bytes proto, const std::shared_ptr<const void>& owner, bool in_place,
                     const std::string& where) {
  return read_proto(proto, where, [&](const protozero::pbf_reader& reader) {
    const Fields fields = read_fields(reader);
    if (!fields.dtype || *fields.dtype == kVariant)
      fail(ErrorCode::unsupported, where, "a constant has type number {}, which holds no numbers",
           fields.type_number);
    if (!fields.shape || !fields.shape->is_known())
      fail(ErrorCode::bad_file, where, "a constant has a shape that is not known");
    const Shape shape = *fields.shape;
    if (*fields.dtype == DType::string) return decode_strings(reader, shape, where);
    int64_t count = 1;
    for (int64_t size : shape) count = checked_mul(count, size, where);
    const int64_t bytes = checked_mul(count, dtype_size(*fields.dtype), where);
    if (fields.has_content && !fields.content.empty()) {
      if (static_cast<int64_t>(fields.content.size()) != bytes) {
        fail(ErrorCode::bad_file, where, "a constant of shape {} takes {} bytes, {} are stored",
             shape.to_string(), bytes, fields.content.size());
      }
      return Tensor{*fields.dtype, shape, reinterpret_cast<const std::byte*>(fields.content.data()), owner,
                    in_place};
    }
    const std::string values = stored_values(reader, *fields.dtype);
    const auto stored = static_cast<int64_t>(values.size());
    if (stored > bytes || bytes > kMaxFilledBytes || stored % dtype_size(*fields.dtype) != 0) {
      fail(ErrorCode::bad_file, where, "a constant of shape {} takes {} bytes, {} are stored",
           shape.to_string(), bytes, stored);
    }
    NewTensor out = new_tensor(*fields.dtype, shape);
    if (stored > 0) std::memcpy(out.data, values.data(), static_cast<size_t>(stored));
    const int64_t size = dtype_size(*fields.dtype);
    for (int64_t at = stored; stored > 0 && at < bytes; at += size)
      std::memcpy(out.data + at, out.data + stored - size, static_cast<size_t>(size));
    return out.tensor;
  });
}

}  // namespace cornu::tensorflow
