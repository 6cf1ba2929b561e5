#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

// merge(-switch:0, abs(switch:1)) of x, and the number of the side that was taken.
std::vector<Tensor> choose(bool choice) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", DType::float32, {2});
  const ir::Value which = graph.add_input("which", DType::boolean, {});
  const TensorType type{DType::float32, {2}};
  const auto sides =
      graph.add_node(*ir::find_op("switch"), {x, which}, {{"types", types_attr({type, type})}});
  const auto merged = test::add_dynamic(
      graph, "merge", {test::add(graph, "neg", {sides[0]}), test::add(graph, "abs", {sides[1]})}, 2);
  graph.add_output("y", merged[0]);
  graph.add_output("side", merged[1]);
  const std::vector<float> values = {-1, 2};
  return test::run_dynamic(graph, {tensor_of(values, {2}), scalar(choice ? 1 : 0, DType::boolean)});
}

TEST(switch_op, makes_one_side_dead) {
  EXPECT_EQ(to_doubles(choose(false)[0]), (std::vector<double>{1, -2}));
  EXPECT_EQ(to_doubles(choose(true)[0]), (std::vector<double>{1, 2}));
  EXPECT_EQ(to_ints(choose(false)[1])[0], 0);
  EXPECT_EQ(to_ints(choose(true)[1])[0], 1);
}

}  // namespace
}  // namespace cornu::dynamic
