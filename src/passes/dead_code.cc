// dead_code: removes nodes that no output of the graph needs, and lets go of the bytes of constants that nothing reads.
// Proof   ops without side effects matter only through their results.
#include "passes/pass.h"

namespace cornu::passes {
namespace {

void run(ir::Graph& graph) {
  std::vector<bool> needed(graph.values().size(), false);
  for (const ir::GraphOutput& output : graph.outputs()) needed[static_cast<size_t>(output.value.id)] = true;
  const auto& nodes = graph.nodes();
  std::vector<bool> dead(nodes.size(), false);
  for (size_t i = nodes.size(); i-- > 0;) {
    bool used = nodes[i].op->has_side_effect;
    for (ir::Value value : nodes[i].outputs) used = used || needed[static_cast<size_t>(value.id)];
    dead[i] = !used;
    if (!used) continue;
    for (ir::Value value : nodes[i].inputs) needed[static_cast<size_t>(value.id)] = true;
  }
  graph.remove_nodes(dead);
  for (size_t i = 0; i < needed.size(); ++i) {
    const ir::ValueInfo& info = graph.values()[i];
    if (needed[i] || !info.is_constant || info.constant.owner == nullptr) continue;
    const TensorType type = info.type;
    graph.make_constant({static_cast<int32_t>(i)}, {type.dtype, type.shape, nullptr, nullptr, false});
  }
}

}  // namespace

CORNU_PASS(dead_code) = {.name = "dead_code",
                         .description = "removes what no output needs",
                         .order = 900,
                         .required = true,
                         .run = run};

}  // namespace cornu::passes
