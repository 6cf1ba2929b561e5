// spread_depthwise: a depthwise convolution that makes several channels of each becomes one that makes one of each, of an
// input whose channels are repeated; kernels vectorise along channels, and would find groups of one input channel here.
//   conv(x, w, groups c) with m c output channels   becomes   conv(repeat(x, m), w, groups m c)
// Proof   output channel i is made of input channel i / m in both.
// Cost    a copy of the input, m times as large; less than what is saved by far.
#include "ir/builder.h"
#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Node;
using ir::Value;

void run(ir::Graph& graph) {
  ir::GraphBuilder builder(graph);
  const size_t count = graph.nodes().size();
  bool any = false;
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes()[i].op->name != "conv") continue;
    const Node node = graph.nodes()[i];                // a copy: adding nodes moves the list
    const Shape x = graph.type(node.inputs[0]).shape;  // copies: adding nodes moves the values too
    const Shape w = graph.type(node.inputs[1]).shape;
    const int64_t groups = node.attrs.integer("groups", 1);
    if (groups < 2 || x.back() != groups || w.back() == Shape::kUnknown || w.back() == groups) continue;
    graph.set_layer(node.layer);
    const Value repeated =
        builder.op("repeat", {node.inputs[0]}, {{"axis", int64_t{-1}}, {"repeats", w.back() / groups}});
    Node& target = graph.mutable_nodes()[i];
    target.inputs[0] = repeated;
    target.attrs.set("groups", w.back());
    any = true;
  }
  if (any) graph.sort();
}

}  // namespace

CORNU_PASS(spread_depthwise) = {
    .name = "spread_depthwise",
    .description = "gives each output channel of a depthwise convolution an input channel of its own",
    .order = 120,
    .run = run};

}  // namespace cornu::passes
