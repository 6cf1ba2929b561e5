#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

TEST(read_variable, gives_the_present_value_of_the_state) {
  ir::Graph graph;
  graph.add_output("y", test::add_dynamic(graph, "read_variable", {}, 1, {{"name", std::string("v")}})[0]);
  auto state = std::make_shared<State>();
  EXPECT_THROW(test::run_dynamic(graph, {}, state), Error);
  state->variables["v"] = scalar(3);
  EXPECT_EQ(to_doubles(test::run_dynamic(graph, {}, state)[0])[0], 3);
}

}  // namespace
}  // namespace cornu::dynamic
