#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

TEST(assign_variable, replaces_or_changes_the_value_for_the_runs_after) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", DType::float32, {});
  const Attrs attrs{{"name", std::string("v")}, {"op", std::string("add")}};
  graph.add_output("y", test::add_dynamic(graph, "assign_variable", {x}, 1, attrs)[0]);
  auto state = std::make_shared<State>();
  EXPECT_THROW(test::run_dynamic(graph, {scalar(1)}, state), Error) << "nothing to add to";
  state->variables["v"] = scalar(10);
  EXPECT_EQ(to_doubles(test::run_dynamic(graph, {scalar(1)}, state)[0])[0], 11);
  EXPECT_EQ(to_doubles(test::run_dynamic(graph, {scalar(1)}, state)[0])[0], 12);
  ir::Graph replace;
  const ir::Value value = replace.add_input("x", DType::float32, {});
  replace.add_output(
      "y", test::add_dynamic(replace, "assign_variable", {value}, 1, {{"name", std::string("v")}})[0]);
  test::run_dynamic(replace, {scalar(1)}, state);
  EXPECT_EQ(to_doubles(state->variables["v"])[0], 1);
}

}  // namespace
}  // namespace cornu::dynamic
