// fold_constants: a node whose inputs are all constants is computed once, now, by its reference kernel.
// Proof   ops are functions of their inputs and attributes, and constants never change.
// Views   alias ops (reshape, ...) of a constant become views of the same bytes, so weights stay where they
// lie.
#include <algorithm>

#include "ops/evaluate.h"
#include "passes/pass.h"

namespace cornu::passes {
namespace {

// Folding may not blow a small constant up (tile, broadcast_to): a result beyond this is left to the run.
constexpr int64_t kMaxGrowthBytes = int64_t{1} << 24;

bool worth_folding(const ir::Graph& graph, const ir::Node& node) {
  if (node.inputs.empty() || node.op->has_side_effect || node.op->reference == nullptr) return false;
  int64_t in_bytes = 0;
  for (ir::Value value : node.inputs) {
    const Tensor* constant = graph.constant(value);
    if (constant == nullptr || constant->dtype == DType::string) return false;
    in_bytes += constant->size_bytes();
  }
  int64_t out_bytes = 0;
  for (ir::Value value : node.outputs) {
    const TensorType& type = graph.type(value);
    if (!type.shape.is_known() || type.dtype == DType::string) return false;
    out_bytes += type.shape.elements() * dtype_size(type.dtype);
  }
  return node.op->alias || out_bytes <= in_bytes * 2 + kMaxGrowthBytes;
}

void run(ir::Graph& graph) {
  std::vector<bool> dead(graph.nodes().size(), false);
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    const ir::Node& node = graph.nodes()[i];
    if (!worth_folding(graph, node)) continue;
    std::vector<Tensor> inputs;
    for (ir::Value value : node.inputs) inputs.push_back(*graph.constant(value));
    const std::vector<Tensor> results = ops::evaluate(node, inputs);
    const std::vector<ir::Value> outputs = node.outputs;
    for (size_t k = 0; k < results.size(); ++k) graph.make_constant(outputs[k], results[k]);
    dead[i] = true;
  }
  graph.remove_nodes(dead);
}

}  // namespace

CORNU_PASS(fold_constants) = {.name = "fold_constants",
                              .description = "computes what depends on constants only",
                              .order = 10,
                              .required = true,
                              .run = run};

}  // namespace cornu::passes
