#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_fuse_elementwise;
extern const PassDef pass_dead_code;
namespace {

using ir::GraphBuilder;
using ir::Value;
using test::ramp;

void fuse(ir::Graph& graph) {
  pass_fuse_elementwise.run(graph);
  pass_dead_code.run(graph);
}

struct Net {
  ir::Graph graph;
  GraphBuilder g{graph};
  Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 5});
  Value y = graph.add_input("y", DType::float32, {Shape::kUnknown, 5});

  ir::Graph fused() { return test::expect_equal_answers(graph, fuse, {ramp({3, 5}), ramp({3, 5}, 0.125F)}); }
};

TEST(FuseElementwise, a_tree_of_steps_becomes_one_op) {
  Net net;
  const Value sum = net.g.op("add", {net.g.op("mul", {net.x, net.g.scalar(2)}), net.g.op("exp", {net.y})});
  net.graph.add_output("z", net.g.op("clip", {sum}, {{"min", 0.0}, {"max", 4.0}}));
  const ir::Graph after = net.fused();
  ASSERT_EQ(after.nodes().size(), 1U);
  EXPECT_EQ(after.nodes()[0].attrs.text("program"), "mul x0 x1; exp x2; add t0 t1; clip t2");
}

TEST(FuseElementwise, a_value_with_two_readers_is_computed_once) {
  Net net;
  const Value e = net.g.op("exp", {net.x});
  net.graph.add_output("z", net.g.op("add", {net.g.op("neg", {e}), net.g.op("square", {e})}));
  EXPECT_EQ(net.fused().nodes().size(), 2U);
}

TEST(FuseElementwise, what_is_smaller_than_the_result_is_not_computed_again_and_again) {
  Net net;
  const Value small = net.g.op("exp", {net.graph.add_input("s", DType::float32, {1, 5})});
  net.graph.add_output("z", net.g.op("neg", {net.g.op("mul", {small, net.x})}));
  const ir::Graph after =
      test::expect_equal_answers(net.graph, fuse, {ramp({3, 5}), ramp({3, 5}), ramp({1, 5})});
  EXPECT_EQ(test::count_ops(after, "exp"), 1);
  EXPECT_EQ(after.nodes().size(), 2U);
}

TEST(FuseElementwise, the_first_input_has_the_size_of_the_result) {
  Net net;
  net.graph.add_output("z", net.g.op("neg", {net.g.op("sub", {net.g.scalar(1), net.x})}));
  const ir::Graph after = net.fused();
  ASSERT_EQ(after.nodes().size(), 1U);
  EXPECT_EQ(after.nodes()[0].attrs.text("program"), "sub x1 x0; neg t0");
}

TEST(FuseElementwise, powers_become_functions_and_other_types_stay) {
  Net net;
  net.graph.add_output("z", net.g.op("pow", {net.x, net.g.scalar(2)}));
  net.graph.add_output("w", net.g.op("pow", {net.y, net.g.scalar(3)}));
  const Value wide = net.g.cast(net.x, DType::float64);
  net.graph.add_output("v", net.g.op("neg", {net.g.op("abs", {wide})}));
  const ir::Graph after = net.fused();
  EXPECT_EQ(test::count_ops(after, "square"), 1);
  EXPECT_EQ(test::count_ops(after, "pow"), 1);
  EXPECT_EQ(test::count_ops(after, "elementwise"), 0);
}

TEST(FuseElementwise, long_chains_are_cut) {
  Net net;
  Value value = net.x;
  for (int i = 0; i < 40; ++i) value = net.g.op("add", {net.g.op("tanh", {value}), net.y});
  net.graph.add_output("z", value);
  const ir::Graph after = net.fused();
  EXPECT_LE(after.nodes().size(), 6U);
  EXPECT_GE(after.nodes().size(), 5U);
}

}  // namespace
}  // namespace cornu::passes
