#include "passes/pass.h"
#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_dead_code;
namespace {

using ir::Value;

TEST(DeadCode, a_chain_that_no_output_needs_goes) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2});
  g.op("relu", {g.op("neg", {x})});
  graph.add_output("y", g.op("abs", {x}));
  const ir::Graph after = test::expect_equal_answers(graph, pass_dead_code.run, {test::ramp({2})});
  ASSERT_EQ(after.nodes().size(), 1U);
  EXPECT_EQ(after.nodes()[0].op->name, "abs");
}

TEST(RunPasses, an_unknown_name_is_bad_argument) {
  ir::Graph graph;
  const std::vector<std::string> names = {"fuse_epilog"};
  test::expect_error(
      ErrorCode::bad_argument, [&] { run_passes(graph, names); }, "fuse_epilog");
}

TEST(RunPasses, required_passes_run_even_when_all_are_off) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2});
  g.op("neg", {x});
  graph.add_output("y", x);
  const std::vector<std::string> names = {"all"};
  run_passes(graph, names);
  EXPECT_TRUE(graph.nodes().empty());
}

}  // namespace
}  // namespace cornu::passes
