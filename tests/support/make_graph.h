// Writes small GraphDefs for tests.
#pragma once

#include <protozero/pbf_writer.hpp>
#include <string>
#include <utility>
#include <vector>

namespace cornu::test {

using protozero::pbf_writer;

// AttrValues.
inline std::string text_attr(const std::string& text) {
  std::string value;
  pbf_writer(value).add_bytes(2, text);
  return value;
}
inline std::string int_attr(int64_t number) {
  std::string value;
  pbf_writer(value).add_int64(3, number);
  return value;
}
inline std::string type_attr(int type) {
  std::string value;
  pbf_writer(value).add_enum(6, type);
  return value;
}
inline std::string function_attr(const std::string& name) {
  std::string function;
  pbf_writer(function).add_string(1, name);
  std::string value;
  pbf_writer(value).add_message(10, function);
  return value;
}

// A TensorProto; type 1 is float32, 3 int32, 7 string, 9 int64. `strings` only for type 7.
inline std::string tensor_proto(int type, const std::vector<int64_t>& sizes, const std::string& content,
                                const std::vector<std::string>& strings = {}) {
  std::string shape;
  pbf_writer dims(shape);
  for (int64_t size : sizes) {
    std::string dim;
    pbf_writer(dim).add_int64(1, size);
    dims.add_message(2, dim);
  }
  std::string tensor;
  pbf_writer writer(tensor);
  writer.add_enum(1, type);
  writer.add_message(2, shape);
  if (!content.empty()) writer.add_bytes(4, content);
  for (const std::string& text : strings) writer.add_bytes(8, text);
  return tensor;
}

inline std::string tensor_attr(int type, const std::vector<int64_t>& sizes, const std::string& content,
                               const std::vector<std::string>& strings = {}) {
  std::string value;
  pbf_writer(value).add_message(8, tensor_proto(type, sizes, content, strings));
  return value;
}

using GraphAttrs = std::vector<std::pair<std::string, std::string>>;

inline std::string graph_node(const std::string& name, const std::string& op,
                              const std::vector<std::string>& inputs = {}, const GraphAttrs& attrs = {}) {
  std::string bytes;
  pbf_writer writer(bytes);
  writer.add_string(1, name);
  writer.add_string(2, op);
  for (const std::string& input : inputs) writer.add_string(3, input);
  for (const auto& [key, value] : attrs) {
    std::string entry;
    pbf_writer pair(entry);
    pair.add_string(1, key);
    pair.add_message(2, value);
    writer.add_message(5, entry);
  }
  return bytes;
}

// A function of one argument "x" and one result "y", which comes from `result`.
inline std::string graph_function(const std::string& name, const std::vector<std::string>& nodes,
                                  const std::string& result) {
  const auto argument = [](const std::string& text) {
    std::string arg;
    pbf_writer(arg).add_string(1, text);
    return arg;
  };
  std::string signature;
  pbf_writer head(signature);
  head.add_string(1, name);
  head.add_message(2, argument("x"));
  head.add_message(3, argument("y"));
  std::string bytes;
  pbf_writer writer(bytes);
  writer.add_message(1, signature);
  for (const std::string& node : nodes) writer.add_message(3, node);
  std::string entry;
  pbf_writer pair(entry);
  pair.add_string(1, "y");
  pair.add_string(2, result);
  writer.add_message(4, entry);
  return bytes;
}

inline std::string make_graph(const std::vector<std::string>& nodes,
                              const std::vector<std::string>& functions = {}) {
  std::string bytes;
  pbf_writer writer(bytes);
  for (const std::string& node : nodes) writer.add_message(1, node);
  std::string library;
  pbf_writer all(library);
  for (const std::string& function : functions) all.add_message(1, function);
  if (!functions.empty()) writer.add_message(2, library);
  return bytes;
}

}  // namespace cornu::test
