// NodeCall: one TensorFlow node while it becomes IR ops.
#pragma once

#include <optional>
#include <vector>

#include "base/fail.h"
#include "tensorflow/graph_def.h"
#include "tensorflow/op_builder.h"

namespace cornu::tensorflow {

// Thrown by NodeCall when a lowering asks for the value of an input that is not known yet. The importer then keeps the
// node as it is (op `late`) and lowers it in the run, when its inputs are concrete.
struct NeedsValue {
  size_t input;
};

// What a lowering sees. Every input has a type and a known rank; its sizes may be unknown.
class NodeCall {
 public:
  NodeCall(const NodeDef& definition, std::vector<Value> inputs, OpBuilder& builder)
      : def(definition), in(std::move(inputs)), g(builder) {}

  const NodeDef& def;     // name, op, attributes
  std::vector<Value> in;  // data inputs, in order
  OpBuilder& g;

  const Shape& shape(size_t i) const { return g.shape(in[i]); }
  int rank(size_t i) const { return g.rank(in[i]); }
  DType dtype(size_t i) const { return g.dtype(in[i]); }

  // The value of an input that must be known: axes, sizes, a flag. Throw NeedsValue.
  const Tensor& value(size_t i) const;
  Ints ints(size_t i) const;
  int64_t integer(size_t i) const;
  double number(size_t i) const;
  // Sizes of which some may not be known before the run: those are -1. Only throws when the length is unknown, too.
  // A -1 that the value itself holds is told apart by `known`.
  struct PartialInts {
    Ints values;
    std::vector<bool> known;
    int64_t unknown() const;
  };
  PartialInts partial_ints(size_t i) const;

  // Throws unsupported or bad_file, naming the node.
  template <class... Args>
  [[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) const {
    cornu::fail(code, std::string(def.name), "{}: {}", def.op,
                fmt::format(format, std::forward<Args>(args)...));
  }
};

// What of an int vector of the graph is known before the run: constants, and sizes of tensors that were computed with
// `shape`, slices, concatenations and the like. Nothing if not even its length is.
std::optional<NodeCall::PartialInts> partial_value(const ir::Graph& graph, Value value);

}  // namespace cornu::tensorflow
