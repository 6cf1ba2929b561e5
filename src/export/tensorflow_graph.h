// Functions and nodes of TensorFlow graphs under construction, and their protocol buffers.
// Source: tensorflow/core/framework/{node_def,attr_value,function,tensor,op_def}.proto, 2.21
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/attrs.h"
#include "formats/proto.h"  // before the writer: it names the type of views
#include "tensor/tensor.h"

#include <protozero/pbf_writer.hpp>

namespace cornu::exporting {

constexpr int kResourceType = 20;  // DT_RESOURCE
constexpr int kVariantType = 21;   // DT_VARIANT

// A tensor of a function: an argument's name, or "node:output_argument:index".
using Ref = std::string;

struct TfType {
  int number = 1;  // DataType
};
struct TfTypes {
  std::vector<int> numbers;
};
struct TfFunctionName {
  std::string name;
};
struct TfShape {
  bool known_rank = true;
  std::vector<int64_t> dims;  // -1: unknown
};
struct TfTexts {
  std::vector<std::string> texts;
};
// An attribute's value; the alternatives are those of AttrValue that are needed.
using TfAttr = std::variant<bool, int64_t, float, std::string, Ints, TfType, TfTypes, TfFunctionName, TfShape,
                            TfTexts, Tensor>;
using TfAttrs = std::vector<std::pair<std::string, TfAttr>>;

TfType type_of(DType dtype);
TfShape shape_of(const Shape& shape);

// Writes a TensorShapeProto into a field of a message, also that of a scalar, which is empty.
void add_shape(protozero::pbf_writer& out, int field, const TfShape& shape);

struct TfNode {
  std::string name;
  std::string op;
  std::vector<std::string> inputs;  // in a function Refs, in the main graph "node", "node:1", "^node"
  TfAttrs attrs;

  std::string serialized() const;  // a NodeDef
};

struct TfArgument {
  std::string name;
  int type = 1;
  TfShape shape{false, {}};  // of the tensor, or of the variable that a resource names
  int variable_type = 0;     // of that variable
};

class TfFunction {
 public:
  explicit TfFunction(std::string name) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  // An argument; its reference is what it is named then: `name` with only small letters, digits and underscores.
  Ref argument(const std::string& name, TfArgument argument);
  // A node of `op`; the reference of its first output. `wanted` becomes part of the node's name.
  Ref add(std::string_view op, std::vector<Ref> inputs, TfAttrs attrs = {}, std::string_view wanted = {});
  Ref constant(Tensor tensor);
  void result(const std::string& name, int type, const Ref& ref) {
    results_.push_back({{name, type, {}, 0}, ref});
  }

  std::string serialized() const;  // a FunctionDef
  bool is_stateful = false;

 private:
  std::string unique(std::string wanted);

  std::string name_;
  std::vector<TfArgument> arguments_;
  std::vector<TfNode> nodes_;
  std::vector<std::pair<TfArgument, Ref>> results_;
  std::map<std::string, int> names_;  // with how often each was wanted
};

// "node:output:0" -> "node:output:index".
Ref output_at(const Ref& ref, int index);
// "node:output:0" -> "node:name:0": another output of an op.
Ref output_named(const Ref& ref, std::string_view name);

}  // namespace cornu::exporting
