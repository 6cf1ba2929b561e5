#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

ir::Graph times(double factor) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", DType::float32, {});
  graph.add_output("", test::add(graph, "mul", {x, graph.add_constant(scalar(factor))}));
  return graph;
}

double chosen(const Tensor& selector) {
  ir::Graph graph;
  const ir::Value which = graph.add_input("which", selector.dtype, selector.shape);
  const ir::Value x = graph.add_constant(scalar(1));
  const auto out = test::add_dynamic(graph, "branch",
                                     {test::object(graph, times(2)), test::object(graph, times(3)), which, x},
                                     1, {{"bodies", int64_t{2}}});
  graph.add_output("y", out[0]);
  return to_doubles(test::run_dynamic(graph, {selector})[0])[0];
}

TEST(branch, runs_the_body_of_the_number_or_the_last_one) {
  EXPECT_EQ(chosen(scalar(0, DType::int32)), 2);
  EXPECT_EQ(chosen(scalar(1, DType::int32)), 3);
  EXPECT_EQ(chosen(scalar(-1, DType::int32)), 3);
  EXPECT_EQ(chosen(scalar(9, DType::int64)), 3);
}

TEST(branch, takes_the_first_body_for_true) {
  EXPECT_EQ(chosen(scalar(1, DType::boolean)), 2);
  EXPECT_EQ(chosen(scalar(0, DType::boolean)), 3);
}

TEST(branch, needs_one_value_to_choose_by) {
  EXPECT_THROW(chosen(tensor_of_ints(std::vector<int64_t>{0, 1}, {2})), Error);
}

}  // namespace
}  // namespace cornu::dynamic
