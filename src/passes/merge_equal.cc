// merge_equal: nodes that compute the same from the same values are computed once (common subexpressions).
// Proof   ops without side effects are functions of their inputs and attributes.
// Cost    one look-up per node; constants are the same when they are one value of the graph.
#include <algorithm>
#include <map>

#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Node;
using ir::Value;

// Equal for equal nodes, and cheap to order: what is left to compare are the attributes.
using Key = std::pair<const ir::OpDef*, std::vector<int32_t>>;

void run(ir::Graph& graph) {
  std::vector<Value> merged(graph.values().size());  // per value: what stands for it, if another one does
  std::multimap<Key, size_t> seen;
  std::vector<bool> dead(graph.nodes().size(), false);
  const auto resolve = [&](Value value) {
    const Value other = merged[static_cast<size_t>(value.id)];
    return other.valid() ? other : value;
  };
  std::vector<Node>& nodes = graph.mutable_nodes();
  for (size_t i = 0; i < nodes.size(); ++i) {
    Node& node = nodes[i];
    for (Value& value : node.inputs) value = resolve(value);
    if (node.op->has_side_effect || node.inputs.empty()) continue;
    Key key{node.op, {}};
    for (Value value : node.inputs) key.second.push_back(value.id);
    const auto [first, last] = seen.equal_range(key);
    const auto twin =
        std::find_if(first, last, [&](const auto& entry) { return nodes[entry.second].attrs == node.attrs; });
    if (twin == last) {
      seen.emplace(std::move(key), i);
      continue;
    }
    for (size_t k = 0; k < node.outputs.size(); ++k)
      merged[static_cast<size_t>(node.outputs[k].id)] = nodes[twin->second].outputs[k];
    dead[i] = true;
  }
  graph.replace_outputs(resolve);
  graph.remove_nodes(dead);
}

}  // namespace

CORNU_PASS(merge_equal) = {.name = "merge_equal",
                           .description = "computes once what is written several times",
                           .order = 40,
                           .run = run};

}  // namespace cornu::passes
