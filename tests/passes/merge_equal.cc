#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_merge_equal;
namespace {

using ir::Value;
using test::ramp;

TEST(MergeEqual, chains_that_are_written_twice_are_computed_once) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 4});
  const Value a = g.op("exp", {g.op("neg", {x})});
  const Value b = g.op("exp", {g.op("neg", {x})});
  graph.add_output("sum", g.op("add", {a, b}));
  graph.add_output("b", b);
  const ir::Graph after = test::expect_equal_answers(graph, pass_merge_equal.run, {ramp({3, 4})});
  EXPECT_EQ(test::count_ops(after, "neg"), 1);
  EXPECT_EQ(test::count_ops(after, "exp"), 1);
}

TEST(MergeEqual, other_attributes_inputs_or_orders_stay) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 4});
  const Value y = graph.add_input("y", DType::float32, {Shape::kUnknown, 4});
  graph.add_output("a", g.op("leaky_relu", {x}, {{"slope", 0.5}}));
  graph.add_output("b", g.op("leaky_relu", {x}, {{"slope", 0.25}}));
  graph.add_output("c", g.op("sub", {x, y}));
  graph.add_output("d", g.op("sub", {y, x}));
  const ir::Graph after =
      test::expect_equal_answers(graph, pass_merge_equal.run, {ramp({3, 4}), ramp({3, 4}, 2)});
  EXPECT_EQ(after.nodes().size(), 4U);
}

}  // namespace
}  // namespace cornu::passes
