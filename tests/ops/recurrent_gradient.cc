// What it computes is checked by tests/train/gradient.cc.
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::ops {
namespace {

TEST(recurrent_gradient, masked_steps_give_zeros_and_pass_the_state_s_gradient_on) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, {1, 2, 1});
  const ir::Value w = graph.add_input("w", DType::float32, {1, 1});
  const ir::Value mask =
      g.constant(cast_tensor(tensor_of_ints(std::vector<int64_t>{1, 0}, {1, 2}), DType::boolean));
  const ir::Value d = graph.add_input("d", DType::float32, {1, 1});
  const auto out = g.multi_op(
      "recurrent_gradient", {x, w, mask, d, g.op("neg", {d})},
      {{"cell", std::string("simple_rnn")}, {"activation", std::string("linear")}, {"has_mask", true}});
  for (ir::Value value : out) graph.add_output("y", value);
  const auto one = [](float value, const Shape& shape) {
    return tensor_of(std::vector<float>(static_cast<size_t>(shape.elements()), value), shape);
  };
  const auto got = test::run_graph(graph, {one(3, {1, 2, 1}), one(0.5F, {1, 1}), one(2, {1, 1})});
  EXPECT_EQ(got[0], (std::vector<double>{0, 0}));  // the output's and the state's gradients cancel
  EXPECT_EQ(got[1], (std::vector<double>{0, 0}));
}

TEST(recurrent_gradient, gradients_of_other_shapes_than_the_outputs_are_bad_shape) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, {1, 2, 1});
  const ir::Value w = graph.add_input("w", DType::float32, {1, 1});
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        g.multi_op("recurrent_gradient", {x, w, x, w},
                   {{"cell", std::string("simple_rnn")}, {"activation", std::string("tanh")}});
      },
      "gradient 0");
}

}  // namespace
}  // namespace cornu::ops
