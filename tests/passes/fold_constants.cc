#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_fold_constants;
namespace {

using ir::Value;
using test::ramp;

TEST(FoldConstants, what_depends_on_constants_only_is_computed) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 4});
  const Value scale =
      g.op("mul", {g.constant(ramp({4})), g.op("rsqrt", {g.op("square", {g.constant(ramp({4}, 2.0F))})})});
  graph.add_output("y", g.op("mul", {x, scale}));
  const ir::Graph after = test::expect_equal_answers(graph, pass_fold_constants.run, {ramp({3, 4})});
  EXPECT_EQ(after.nodes().size(), 1U);
}

TEST(FoldConstants, a_reshaped_weight_is_a_view_of_the_same_bytes) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  Tensor weight = ramp({2, 3});
  weight.in_place = true;
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 6});
  const Value y = g.op("add", {x, g.reshape(g.constant(weight), {6})});
  graph.add_output("y", y);
  pass_fold_constants.run(graph);
  const Tensor* folded = graph.constant(graph.nodes()[0].inputs[1]);
  ASSERT_NE(folded, nullptr);
  EXPECT_EQ(folded->data, weight.data);
  EXPECT_TRUE(folded->in_place);
}

TEST(FoldConstants, a_small_constant_is_not_blown_up) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value big = g.op("broadcast_to", {g.scalar(1)}, {{"shape", Ints{4096, 4096}}});
  graph.add_output("y", big);
  pass_fold_constants.run(graph);
  EXPECT_EQ(graph.nodes().size(), 1U);
}

}  // namespace
}  // namespace cornu::passes
