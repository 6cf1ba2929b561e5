#include "runtime/prepared.h"

#include "support/dynamic_run.h"

namespace cornu::runtime {
namespace {

using ir::Value;

TEST(PreparedGraph, nodes_between_dynamic_ops_form_islands) {
  ir::Graph graph;
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown});
  const Value text = graph.add_input("text", DType::string, {1});
  const Value a = test::add(graph, "neg", {test::add(graph, "exp", {x})});
  const Value moved = test::add(graph, "reshape", {text}, {{"shape", Ints{1, 1}}});
  const Value b = test::add(graph, "abs", {a});
  graph.add_output("b", b);
  graph.add_output("moved", moved);
  const PreparedGraph prepared(graph);
  ASSERT_EQ(prepared.items().size(), 2U);
  ASSERT_NE(prepared.items()[0].island, nullptr);
  EXPECT_EQ(prepared.items()[0].island->graph.nodes().size(), 3U);
  EXPECT_EQ(prepared.items()[0].island->out, std::vector<Value>{b});
  EXPECT_EQ(prepared.items()[1].island, nullptr);
}

}  // namespace
}  // namespace cornu::runtime
