#include "export/free_batch.h"

#include <algorithm>

#include "base/fail.h"

namespace cornu::exporting {
namespace {

bool has_batch(const ir::Graph& graph, ir::Value value) {
  const Shape& shape = graph.type(value).shape;
  return shape.rank() > 0 && shape[0] != Shape::kUnknown;
}

// A graph's values in the order of their numbers: inputs, constants, and the outputs of nodes one after another.
ir::Graph rebuilt(const ir::Graph& graph) {
  ir::Graph free;
  size_t next_input = 0;
  for (int32_t id = 0; id < static_cast<int32_t>(graph.values().size()); ++id) {
    const ir::ValueInfo& info = graph.info({id});
    if (info.node >= 0) {
      const ir::Node& node = graph.nodes()[static_cast<size_t>(info.node)];
      free.set_layer(node.layer);
      if (info.output == 0) free.add_node(*node.op, node.inputs, node.attrs);
    } else if (info.is_constant) {
      free.add_constant(info.constant);
    } else {
      const ir::GraphInput& input = graph.inputs().at(next_input++);
      Shape shape = info.type.shape;
      if (shape.rank() > 0) shape[0] = Shape::kUnknown;
      free.add_input(input.name, info.type.dtype, shape);
    }
  }
  for (const ir::GraphOutput& output : graph.outputs()) free.add_output(output.name, output.value);
  return free;
}

}  // namespace

ir::Graph with_free_batch(const ir::Graph& graph) {
  const auto has = [&](const auto& port) { return has_batch(graph, port.value); };
  if (std::none_of(graph.inputs().begin(), graph.inputs().end(), has)) return graph;
  try {
    ir::Graph free = rebuilt(graph);
    const auto stays = [&](const auto& output) { return has_batch(free, output.value); };
    const bool same = free.values().size() == graph.values().size();
    return same && std::none_of(free.outputs().begin(), free.outputs().end(), stays) ? free : graph;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_shape) throw;
    return graph;
  }
}

}  // namespace cornu::exporting
