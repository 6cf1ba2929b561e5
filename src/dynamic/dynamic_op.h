// Ops that no static plan can hold: strings, results whose size depends on data, loops, branches, state.
//
// Such an op is an OpDef without a reference kernel, so graphs hold it as any other, and a function that computes its outputs
// from concrete tensors. A graph with one of them runs on the dynamic executor (runtime/dynamic.h). Objects that a node
// needs beside tensors (a body, a hash table, a regular expression) are constants of the graph: variant scalars.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/fail.h"
#include "ir/graph.h"
#include "tensor/variant.h"

namespace cornu::dynamic {

// The type of values whose type and rank are only known when the graph runs. Only dynamic ops take and give them.
inline constexpr DType kUntyped{17};
inline bool is_typed(const ir::Graph& graph, ir::Value value) {
  return graph.type(value).dtype != kUntyped;
}

// What outlives a run: the variables of a model that its own graph changes. Shared by all sessions of a model.
struct State {
  std::mutex mutex;  // held while a variable is read or replaced
  std::map<std::string, Tensor, std::less<>> variables;
};

// What the executor offers to an op that it runs.
class Host {
 public:
  virtual ~Host() = default;
  // Runs a body (the tensor holds a GraphObject) on concrete tensors. Throws what its ops throw; unsupported beyond the
  // limits of depth.
  virtual std::vector<Tensor> run_body(const Tensor& body, std::vector<Tensor> inputs) = 0;
  // Runs one op.
  virtual std::vector<Tensor> run_op(const ir::Node& node, std::vector<Tensor> inputs) = 0;
  virtual State& state() = 0;
  // Called by loops once an iteration. Throws unsupported when the run takes longer than its limits allow.
  virtual void check_limits(int64_t iteration) = 0;
};

// Runs the nodes of a graph without dead values one after the other, and gives these values of it.
std::vector<Tensor> run_nodes(Host& host, const ir::Graph& graph, std::vector<Tensor> inputs,
                              std::span<const ir::Value> wanted);

// One run of a node. The tensors are concrete; `in` may be moved from. A result that is not valid() is dead: it belongs to a
// branch that is not taken.
struct Call {
  const ir::Node& node;
  std::vector<Tensor>& in;
  Host& host;
};

struct RunDef {
  const ir::OpDef* op;
  std::vector<Tensor> (*compute)(Call& call);
  bool takes_dead = false;  // runs although an input is dead (merge)
};

// Null for ops that have a reference kernel.
const RunDef* find_run(const ir::OpDef& op);

// A graph as an object: the body of a loop or a branch.
struct GraphObject final : VariantObject {
  explicit GraphObject(ir::Graph g) : graph(std::move(g)) {}
  ir::Graph graph;
};

// The object of a variant scalar. Throws internal if it is no T: the builders of graphs are our own code.
template <class T>
const T& object_of(const Tensor& tensor) {
  const auto* object =
      tensor.dtype == kVariant ? dynamic_cast<const T*>(variants_of(tensor)[0].get()) : nullptr;
  if (object == nullptr)
    fail(ErrorCode::internal, "", "an input of a dynamic op is not the object that it needs");
  return *object;
}

// Outputs that no shape rule gives: attribute "types" says for each what is known of it when the graph is built.
using MaybeType = std::optional<TensorType>;
Ints types_attr(const std::vector<MaybeType>& types);
void infer_declared(ir::InferContext& c);

}  // namespace cornu::dynamic

// Open the two definitions of a file:
//   CORNU_DYNAMIC_OP(merge) = {.name = "merge", .infer = infer_declared};
//   CORNU_DYNAMIC_RUN(merge) = {.op = &op_merge, .compute = compute};
#define CORNU_DYNAMIC_OP(unit)      \
  extern const ir::OpDef op_##unit; \
  const ir::OpDef op_##unit
#define CORNU_DYNAMIC_RUN(unit)   \
  extern const RunDef run_##unit; \
  const RunDef run_##unit
