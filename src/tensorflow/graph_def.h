// GraphDef: views of a TensorFlow graph where its bytes lie.
//
// Only names, ops and inputs are looked at when a graph is read; attributes are decoded when they are asked for, and
// functions when they are called. Every view keeps pointing into the bytes, which `owner` keeps alive.
// Errors  bad_file (where: the node): bytes that are not a GraphDef, sizes beyond the bytes stored
// Source  tensorflow/core/framework/{graph,node_def,attr_value,tensor,function}.proto, 2.21
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/attrs.h"
#include "tensor/variant.h"

namespace cornu::tensorflow {

using Bytes = std::string_view;

// A shape of a proto: no value when not even the rank is known.
using MaybeShape = std::optional<Shape>;

// The type of a DataType number; reference types give the type they refer to, quantised ones the integer that
// stores them; resource and variant give `variant`. Nothing for numbers that mean no type.
std::optional<DType> dtype_of(int number);
MaybeShape decode_shape(Bytes shape);
// A TensorProto. Content stored as raw bytes is used where it lies.
Tensor decode_tensor(Bytes proto, const std::shared_ptr<const void>& owner, bool in_place,
                     const std::string& where);

// One NodeDef. Getters throw bad_file when an attribute has another type than is asked for.
class NodeDef {
 public:
  std::string_view name;
  std::string_view op;
  std::vector<std::string_view> inputs;  // as stored: "x", "x:1", "x:values:0" in functions, "^x"
  Bytes bytes;
  std::shared_ptr<const void> owner;
  bool in_place = false;

  bool has(std::string_view attr) const { return find(attr).has_value(); }
  int64_t integer(std::string_view attr, int64_t fallback = 0) const;
  double number(std::string_view attr, double fallback = 0) const;
  bool flag(std::string_view attr, bool fallback = false) const;
  std::string text(std::string_view attr, std::string_view fallback = {}) const;
  DType dtype(std::string_view attr, DType fallback = DType::float32) const;
  MaybeShape shape(std::string_view attr) const;
  Tensor tensor(std::string_view attr) const;
  std::string_view function(std::string_view attr) const;  // its name
  Ints ints(std::string_view attr) const;                  // empty if absent
  Floats floats(std::string_view attr) const;
  std::vector<bool> flags(std::string_view attr) const;
  std::vector<std::string> texts(std::string_view attr) const;
  std::vector<DType> dtypes(std::string_view attr) const;
  std::vector<MaybeShape> shapes(std::string_view attr) const;
  std::vector<std::string_view> functions(std::string_view attr) const;

 private:
  std::optional<Bytes> find(std::string_view attr) const;
  std::optional<Bytes> field(std::string_view attr, uint32_t tag) const;
};

// The nodes of a graph or of a function's body.
class NodeTable {
 public:
  void add(Bytes node, const std::shared_ptr<const void>& owner, bool in_place);
  const NodeDef* find(std::string_view name) const;
  const std::vector<NodeDef>& nodes() const { return nodes_; }

 private:
  std::vector<NodeDef> nodes_;
  mutable std::unordered_map<std::string_view, size_t> index_;  // made at the first find()
};

// A FunctionDef, decoded.
struct FunctionDef {
  std::string_view name;
  std::vector<std::string_view> args;
  std::vector<std::string_view> results;
  std::map<std::string_view, std::string_view> returns;  // result -> "node:output:0" or an argument's name
  std::vector<std::string_view> control_returns;         // nodes
  NodeTable body;
};

class GraphDef {
 public:
  GraphDef() = default;
  // Throws bad_file.
  GraphDef(Bytes bytes, std::shared_ptr<const void> owner, bool in_place, std::string where);

  const NodeTable& nodes() const { return nodes_; }
  const std::string& where() const { return where_; }
  // Null if there is none. Not for several threads at once.
  const FunctionDef* function(std::string_view name) const;
  std::vector<std::string_view> function_names() const;

 private:
  NodeTable nodes_;
  std::map<std::string_view, Bytes> functions_;
  mutable std::map<std::string_view, std::unique_ptr<FunctionDef>> decoded_;
  std::shared_ptr<const void> owner_;
  bool in_place_ = false;
  std::string where_;
};

}  // namespace cornu::tensorflow
