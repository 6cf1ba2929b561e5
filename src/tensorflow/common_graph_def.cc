#include "tensorflow/graph_def.h"

#include "formats/bundle.h"
#include "formats/proto.h"

namespace cornu::tensorflow {
namespace {

// Fields of AttrValue, which AttrValue.ListValue shares but for `func`.
enum AttrField : uint32_t {
  kList = 1,
  kText,
  kInt,
  kFloat,
  kBool,
  kType,
  kShape,
  kTensor,
  kPlaceholder,
  kFunction
};
constexpr uint32_t kListFunction = 9;

bool is_packed(const protozero::pbf_reader& reader) {
  return reader.wire_type() == protozero::pbf_wire_type::length_delimited;
}

Ints integers(protozero::pbf_reader reader, uint32_t tag) {
  Ints values;
  while (reader.next(tag)) {
    if (is_packed(reader)) {
      for (int64_t value : reader.get_packed_int64()) values.push_back(value);
    } else {
      values.push_back(varint_of(reader));
    }
  }
  return values;
}

float float_of(protozero::pbf_reader& reader) {
  if (reader.wire_type() != protozero::pbf_wire_type::fixed32)
    throw protozero::unknown_pbf_wire_type_exception{};
  return reader.get_float();
}

}  // namespace

std::optional<DType> dtype_of(int number) {
  constexpr int kResource = 20;
  constexpr int kVariantNumber = 21;
  constexpr int kFirstReference = 100;  // DT_FLOAT_REF is DT_FLOAT + 100
  const int plain = number > kFirstReference ? number - kFirstReference : number;
  if (plain == kResource || plain == kVariantNumber) return kVariant;
  return formats::dtype_of_tensorflow(plain);
}

MaybeShape decode_shape(Bytes bytes) {
  Shape shape;
  bool known = true;
  protozero::pbf_reader reader(bytes);
  while (reader.next()) {
    if (reader.tag() == 2) {
      protozero::pbf_reader dim(view_of(reader));
      int64_t size = 0;
      while (dim.next()) {
        if (dim.tag() == 1) {
          size = varint_of(dim);
        } else {
          dim.skip();
        }
      }
      shape.push_back(size < 0 ? Shape::kUnknown : size);
    } else if (reader.tag() == 3) {
      known = varint_of(reader) == 0;
    } else {
      reader.skip();
    }
  }
  return known ? MaybeShape(shape) : std::nullopt;
}

std::optional<Bytes> NodeDef::find(std::string_view attr) const {
  return read_proto(bytes, std::string(name), [&](protozero::pbf_reader reader) -> std::optional<Bytes> {
    while (reader.next(5)) {
      const auto [key, value] = map_entry(view_of(reader));
      if (key == attr) return value;
    }
    return std::nullopt;
  });
}

// The bytes of an AttrValue that starts with the field wanted; nothing if the node has no such attribute.
std::optional<Bytes> NodeDef::field(std::string_view attr, uint32_t tag) const {
  const auto value = find(attr);
  if (!value) return std::nullopt;
  return read_proto(*value, std::string(name),
                    [&](protozero::pbf_reader reader) { return reader.next(tag) ? value : std::nullopt; });
}

namespace {

// Calls fn on the reader at field `tag` of an AttrValue.
template <class T, class Fn>
T scalar_attr(const std::optional<Bytes>& value, uint32_t tag, T fallback, const NodeDef& node, Fn&& fn) {
  if (!value) return fallback;
  return read_proto(*value, std::string(node.name), [&](protozero::pbf_reader reader) {
    T result = fallback;
    while (reader.next(tag)) result = fn(reader);
    return result;
  });
}

// Calls fn(reader) for each entry of field `tag` of an AttrValue's list.
template <class Fn>
void list_attr(const std::optional<Bytes>& value, uint32_t tag, const NodeDef& node, Fn&& fn) {
  if (!value) return;
  read_proto(*value, std::string(node.name), [&](protozero::pbf_reader reader) {
    while (reader.next(kList)) {
      protozero::pbf_reader list(view_of(reader));
      while (list.next(tag)) fn(list);
    }
    return 0;
  });
}

std::string_view function_name(Bytes name_attr_list) {
  protozero::pbf_reader reader(name_attr_list);
  return reader.next(1) ? view_of(reader) : std::string_view();
}

DType checked_dtype(int64_t number, const NodeDef& node) {
  const auto dtype = dtype_of(static_cast<int>(number));
  if (!dtype) fail(ErrorCode::unsupported, std::string(node.name), "type number {} is not known", number);
  return *dtype;
}

}  // namespace

int64_t NodeDef::integer(std::string_view attr, int64_t fallback) const {
  return scalar_attr(field(attr, kInt), kInt, fallback, *this, [](auto& r) { return varint_of(r); });
}

double NodeDef::number(std::string_view attr, double fallback) const {
  return scalar_attr(field(attr, kFloat), kFloat, fallback, *this,
                     [](auto& r) { return static_cast<double>(float_of(r)); });
}

bool NodeDef::flag(std::string_view attr, bool fallback) const {
  return scalar_attr(field(attr, kBool), kBool, fallback, *this, [](auto& r) { return varint_of(r) != 0; });
}

std::string NodeDef::text(std::string_view attr, std::string_view fallback) const {
  return scalar_attr(field(attr, kText), kText, std::string(fallback), *this,
                     [](auto& r) { return std::string(view_of(r)); });
}

DType NodeDef::dtype(std::string_view attr, DType fallback) const {
  return scalar_attr(field(attr, kType), kType, fallback, *this,
                     [&](auto& r) { return checked_dtype(varint_of(r), *this); });
}

MaybeShape NodeDef::shape(std::string_view attr) const {
  return scalar_attr(field(attr, kShape), kShape, MaybeShape(), *this,
                     [](auto& r) { return decode_shape(view_of(r)); });
}

Tensor NodeDef::tensor(std::string_view attr) const {
  const auto value = field(attr, kTensor);
  const std::string where(name);
  if (!value) fail(ErrorCode::bad_file, where, "the {} node has no attribute '{}'", op, attr);
  return read_proto(*value, where, [&](protozero::pbf_reader reader) {
    Bytes proto;
    while (reader.next(kTensor)) proto = view_of(reader);
    return decode_tensor(proto, owner, in_place, where);
  });
}

std::string_view NodeDef::function(std::string_view attr) const {
  return scalar_attr(field(attr, kFunction), kFunction, std::string_view(), *this,
                     [](auto& r) { return function_name(view_of(r)); });
}

Ints NodeDef::ints(std::string_view attr) const {
  Ints values;
  const auto value = field(attr, kList);
  if (!value) return values;
  return read_proto(*value, std::string(name), [&](protozero::pbf_reader reader) {
    while (reader.next(kList)) {
      const Ints part = integers(protozero::pbf_reader(view_of(reader)), kInt);
      values.insert(values.end(), part.begin(), part.end());
    }
    return values;
  });
}

Floats NodeDef::floats(std::string_view attr) const {
  Floats values;
  list_attr(field(attr, kList), kFloat, *this, [&](auto& list) {
    if (is_packed(list)) {
      for (float value : list.get_packed_float()) values.push_back(static_cast<double>(value));
    } else {
      values.push_back(static_cast<double>(float_of(list)));
    }
  });
  return values;
}

std::vector<bool> NodeDef::flags(std::string_view attr) const {
  std::vector<bool> values;
  list_attr(field(attr, kList), kBool, *this, [&](auto& list) {
    if (is_packed(list)) {
      for (bool value : list.get_packed_bool()) values.push_back(value);
    } else {
      values.push_back(varint_of(list) != 0);
    }
  });
  return values;
}

std::vector<std::string> NodeDef::texts(std::string_view attr) const {
  std::vector<std::string> values;
  list_attr(field(attr, kList), kText, *this, [&](auto& list) { values.emplace_back(view_of(list)); });
  return values;
}

std::vector<DType> NodeDef::dtypes(std::string_view attr) const {
  std::vector<DType> values;
  list_attr(field(attr, kList), kType, *this, [&](auto& list) {
    if (is_packed(list)) {
      for (int32_t value : list.get_packed_enum()) values.push_back(checked_dtype(value, *this));
    } else {
      values.push_back(checked_dtype(varint_of(list), *this));
    }
  });
  return values;
}

std::vector<MaybeShape> NodeDef::shapes(std::string_view attr) const {
  std::vector<MaybeShape> values;
  list_attr(field(attr, kList), kShape, *this,
            [&](auto& list) { values.push_back(decode_shape(view_of(list))); });
  return values;
}

std::vector<std::string_view> NodeDef::functions(std::string_view attr) const {
  std::vector<std::string_view> values;
  list_attr(field(attr, kList), kListFunction, *this,
            [&](auto& list) { values.push_back(function_name(view_of(list))); });
  return values;
}

void NodeTable::add(Bytes bytes, const std::shared_ptr<const void>& owner, bool in_place) {
  NodeDef& node = nodes_.emplace_back();
  node.bytes = bytes;
  node.owner = owner;
  node.in_place = in_place;
  protozero::pbf_reader reader(bytes);
  while (reader.next()) {
    if (reader.tag() == 1) {
      node.name = view_of(reader);
    } else if (reader.tag() == 2) {
      node.op = view_of(reader);
    } else if (reader.tag() == 3) {
      node.inputs.push_back(view_of(reader));
    } else {
      reader.skip();
    }
  }
}

const NodeDef* NodeTable::find(std::string_view name) const {
  if (index_.empty()) {
    index_.reserve(nodes_.size());
    for (size_t i = 0; i < nodes_.size(); ++i) index_.emplace(nodes_[i].name, i);
  }
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &nodes_[found->second];
}

namespace {

std::vector<std::string_view> argument_names(Bytes op_def, uint32_t tag) {
  std::vector<std::string_view> names;
  protozero::pbf_reader reader(op_def);
  while (reader.next(tag)) {
    protozero::pbf_reader arg(view_of(reader));
    names.push_back(arg.next(1) ? view_of(arg) : std::string_view());
  }
  return names;
}

std::string_view function_def_name(Bytes function) {
  protozero::pbf_reader reader(function);
  if (!reader.next(1)) return {};
  protozero::pbf_reader signature(view_of(reader));
  return signature.next(1) ? view_of(signature) : std::string_view();
}

FunctionDef decode_function(Bytes bytes, const std::shared_ptr<const void>& owner, bool in_place) {
  FunctionDef function;
  protozero::pbf_reader reader(bytes);
  while (reader.next()) {
    switch (reader.tag()) {
      case 1: {
        const Bytes signature = view_of(reader);
        function.name = function_def_name(bytes);
        function.args = argument_names(signature, 2);
        function.results = argument_names(signature, 3);
        break;
      }
      case 3:
        function.body.add(view_of(reader), owner, in_place);
        break;
      case 4: {
        const auto [result, source] = map_entry(view_of(reader));
        function.returns[result] = source;
        break;
      }
      case 6:
        function.control_returns.push_back(map_entry(view_of(reader)).second);
        break;
      default:
        reader.skip();
    }
  }
  return function;
}

}  // namespace

GraphDef::GraphDef(Bytes bytes, std::shared_ptr<const void> owner, bool in_place, std::string where)
    : owner_(std::move(owner)), in_place_(in_place), where_(std::move(where)) {
  read_proto(bytes, where_, [&](protozero::pbf_reader reader) {
    while (reader.next()) {
      if (reader.tag() == 1) {
        nodes_.add(view_of(reader), owner_, in_place_);
      } else if (reader.tag() == 2) {
        protozero::pbf_reader library(view_of(reader));
        while (library.next(1)) {
          const Bytes function = view_of(library);
          functions_[function_def_name(function)] = function;
        }
      } else {
        reader.skip();
      }
    }
    return 0;
  });
}

const FunctionDef* GraphDef::function(std::string_view name) const {
  const auto decoded = decoded_.find(name);
  if (decoded != decoded_.end()) return decoded->second.get();
  const auto found = functions_.find(name);
  if (found == functions_.end()) return nullptr;
  auto function =
      read_proto(found->second, where_ + ":" + std::string(name), [&](const protozero::pbf_reader&) {
        return std::make_unique<FunctionDef>(decode_function(found->second, owner_, in_place_));
      });
  return decoded_.emplace(found->first, std::move(function)).first->second.get();
}

std::vector<std::string_view> GraphDef::function_names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, bytes] : functions_) names.push_back(name);
  return names;
}

}  // namespace cornu::tensorflow
