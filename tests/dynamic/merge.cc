#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

TEST(merge, takes_the_first_input_that_is_not_dead) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", DType::string, {1});
  const auto merged =
      test::add_dynamic(graph, "merge", {x, graph.add_constant(string_tensor({"b"}, {1}))}, 2);
  graph.add_output("y", merged[0]);
  graph.add_output("side", merged[1]);
  const std::vector<Tensor> out = test::run_dynamic(graph, {string_tensor({"a"}, {1})});
  EXPECT_EQ(strings_of(out[0])[0], "a");
  EXPECT_EQ(to_ints(out[1])[0], 0);
}

}  // namespace
}  // namespace cornu::dynamic
