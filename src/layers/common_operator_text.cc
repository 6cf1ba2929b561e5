// Strings of TensorFlow: tf.strings and tf.as_string. See operators.h.
// Source: tf.strings of TensorFlow 2.21
#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Value strings_of(OperatorCall& c) {
  const Value x = c.tensor("x");
  if (c.g.dtype(x) != DType::string) c.fail_argument("x", "a tensor of strings");
  return x;
}

// One string for each.
Values changed(OperatorCall& c, std::string_view op) {
  NodeAttributes attributes;
  if (c.has("encoding")) attributes.text("encoding", c.text("encoding", ""));
  return {tensorflow_value(c.g, op, {strings_of(c)}, {DType::string, c.g.shape(c.tensor("x"))}, attributes)};
}

Values length(OperatorCall& c, std::string_view) {
  const Value x = strings_of(c);
  const NodeAttributes unit = NodeAttributes().text("unit", c.text("unit", "BYTE"));
  return {tensorflow_value(c.g, "StringLength", {x}, {DType::int32, c.g.shape(x)}, unit)};
}

Values regex_replace(OperatorCall& c, std::string_view) {
  const Value x = strings_of(c);
  NodeAttributes attributes;
  attributes.text("pattern", c.text("pattern", "")).text("rewrite", c.text("rewrite", ""));
  attributes.flag("replace_global", c.flag("replace_global", true));
  return {tensorflow_value(c.g, "StaticRegexReplace", {x}, {DType::string, c.g.shape(x)}, attributes)};
}

Values regex_full_match(OperatorCall& c, std::string_view) {
  const Value x = strings_of(c);
  const NodeAttributes pattern = NodeAttributes().text("pattern", c.text("pattern", ""));
  return {tensorflow_value(c.g, "StaticRegexFullMatch", {x}, {DType::boolean, c.g.shape(x)}, pattern)};
}

Values to_number(OperatorCall& c, std::string_view) {
  const Value x = strings_of(c);
  const DType type = c.dtype("out_type", DType::float32);
  return {tensorflow_value(c.g, "StringToNumber", {x}, {type, c.g.shape(x)},
                           NodeAttributes().type("out_type", type))};
}

Values hash_bucket(OperatorCall& c, std::string_view) {
  const Value x = strings_of(c);
  const int64_t buckets = c.integer("num_buckets");
  if (buckets < 1) c.fail_argument("num_buckets", "an integer of at least 1");
  return {c.g.op("string_hash_bucket", {x}, {{"buckets", buckets}})};
}

Values substring(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = strings_of(c);
  const auto number = [&](const char* parameter) {
    return g.constant(tensor_of_ints(Ints{c.integer(parameter)}, {}));
  };
  const NodeAttributes unit = NodeAttributes().text("unit", c.text("unit", "BYTE"));
  return {
      tensorflow_value(g, "Substr", {x, number("pos"), number("len")}, {DType::string, g.shape(x)}, unit)};
}

Values joined(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Values parts = c.tensors("inputs");
  Shape shape = g.shape(parts[0]);
  for (Value part : parts) {
    if (g.dtype(part) != DType::string) c.fail_argument("inputs", "tensors of strings");
    shape = broadcast_shapes(shape, g.shape(part));
  }
  return {tensorflow_value(g, "StringJoin", parts, {DType::string, shape},
                           NodeAttributes().text("separator", c.text("separator", "")))};
}

Values as_string(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  NodeAttributes attributes;
  attributes.integer("precision", c.integer("precision", -1)).integer("width", c.integer("width", -1));
  attributes.flag("scientific", c.flag("scientific", false)).flag("shortest", c.flag("shortest", false));
  attributes.text("fill", c.text("fill", ""));
  return {tensorflow_value(c.g, "AsString", {x}, {DType::string, c.g.shape(x)}, attributes)};
}

constexpr Operator kOperators[] = {
    {"lower string_lower", "x|input encoding", changed, "StringLower"},
    {"upper string_upper", "x|input encoding", changed, "StringUpper"},
    {"strip string_strip", "x|input", changed, "StringStrip"},
    {"length string_length", "x|input unit", length, ""},
    {"regex_replace static_regex_replace", "x|input pattern rewrite replace_global", regex_replace, ""},
    {"regex_full_match", "x|input pattern", regex_full_match, ""},
    {"to_number string_to_number", "x|input out_type", to_number, ""},
    {"to_hash_bucket_fast string_to_hash_bucket_fast to_hash_bucket string_to_hash_bucket",
     "x|input num_buckets", hash_bucket, ""},
    {"substr", "x|input pos len unit", substring, ""},
    {"join string_join", "inputs separator", joined, ""},
    {"as_string", "x|input precision scientific shortest width fill", as_string, ""},
};

}  // namespace

std::span<const Operator> text_operators() {
  return kOperators;
}

}  // namespace cornu::layers
