#include "export/free_batch.h"

#include <gtest/gtest.h>

namespace cornu::exporting {
namespace {

ir::Graph graph_of(const Shape& reshaped) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", DType::float32, {25, 4});
  const ir::Value one = graph.add_constant(scalar(1));
  const ir::Value y = graph.add_node(*ir::find_op("add"), {x, one}, {})[0];
  const Ints shape(reshaped.begin(), reshaped.end());
  graph.add_output("y", graph.add_node(*ir::find_op("reshape"), {y}, {{"shape", shape}})[0]);
  return graph;
}

TEST(FreeBatch, a_stated_batch_size_becomes_free_and_values_keep_their_numbers) {
  const ir::Graph graph = graph_of({0, 2, 2});
  const ir::Graph free = with_free_batch(graph);
  EXPECT_EQ(free.type(free.inputs()[0].value).shape, (Shape{Shape::kUnknown, 4}));
  EXPECT_EQ(free.type(free.outputs()[0].value).shape, (Shape{Shape::kUnknown, 2, 2}));
  EXPECT_EQ(free.outputs()[0].value, graph.outputs()[0].value);
  ASSERT_EQ(free.nodes().size(), 2U);
  EXPECT_NE(free.constant(free.nodes()[0].inputs[1]), nullptr);
}

TEST(FreeBatch, a_graph_that_needs_its_batch_size_stays_as_it_is) {
  const ir::Graph free = with_free_batch(graph_of({25, 2, 2}));
  EXPECT_EQ(free.type(free.inputs()[0].value).shape, (Shape{25, 4}));
}

}  // namespace
}  // namespace cornu::exporting
