#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

// merge of two constants that belong to the sides of a switch.
double choose(bool choice) {
  ir::Graph graph;
  const ir::Value which = graph.add_input("which", DType::boolean, {});
  const auto sides = test::add_dynamic(graph, "switch", {which, which}, 2);
  const ir::Value no = test::add_dynamic(graph, "gate", {graph.add_constant(scalar(5)), sides[0]}, 1)[0];
  const ir::Value yes = test::add_dynamic(graph, "gate", {graph.add_constant(scalar(7)), sides[1]}, 1)[0];
  graph.add_output("y", test::add_dynamic(graph, "merge", {no, yes}, 2)[0]);
  return to_doubles(test::run_dynamic(graph, {scalar(choice ? 1 : 0, DType::boolean)})[0])[0];
}

TEST(gate, lets_a_constant_die_with_its_branch) {
  EXPECT_EQ(choose(false), 5);
  EXPECT_EQ(choose(true), 7);
}

}  // namespace
}  // namespace cornu::dynamic
