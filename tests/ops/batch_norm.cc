// Its gradient: tests/train/gradient.cc.
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::ops {
namespace {

TEST(batch_norm, each_channel_gets_mean_beta_and_deviation_gamma) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, {2, 2});
  const ir::Value gamma = graph.add_input("gamma", DType::float32, {2});
  const ir::Value beta = graph.add_input("beta", DType::float32, {2});
  for (ir::Value y : g.multi_op("batch_norm", {x, gamma, beta}, {{"epsilon", 0.0}})) graph.add_output("y", y);
  const auto floats = [](std::vector<float> values, const Shape& shape) { return tensor_of(values, shape); };
  for (bool fast : {false, true}) {
    const auto got = test::run_graph(
        graph, {floats({1, 10, 3, 30}, {2, 2}), floats({2, 3}, {2}), floats({5, 7}, {2})}, fast);
    EXPECT_EQ(got[0], (std::vector<double>{3, 4, 7, 10}));
    EXPECT_EQ(got[1], (std::vector<double>{2, 20}));
    EXPECT_EQ(got[2], (std::vector<double>{1, 100}));
  }
}

TEST(batch_norm, the_fast_kernel_equals_the_reference_far_from_zero_too) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Shape shape{37, 31, 53};
  const ir::Value x = graph.add_input("x", DType::float32, shape);
  const ir::Value gamma = graph.add_input("gamma", DType::float32, {53});
  for (ir::Value y : g.multi_op("batch_norm", {x, gamma, gamma}, {{"epsilon", 0.001}}))
    graph.add_output("y", y);
  const std::vector<Tensor> inputs = {test::ramp(shape, 300), test::ramp({53})};
  const auto wanted = test::run_graph(graph, inputs, false);
  for (int threads : {1, 3}) {
    const auto got = test::run_graph(graph, inputs, true, threads);
    for (size_t k = 0; k < 3; ++k) {
      for (size_t i = 0; i < got[k].size(); ++i)
        ASSERT_NEAR(got[k][i], wanted[k][i], 1e-4 * std::max(1.0, std::abs(wanted[k][i])))
            << "output " << k << ", element " << i;
    }
  }
}

TEST(batch_norm, gamma_of_another_size_is_bad_shape) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, {2, 2});
  const ir::Value gamma = graph.add_input("gamma", DType::float32, {3});
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        g.multi_op("batch_norm", {x, gamma, gamma}, {{"epsilon", 0.0}});
      },
      "(3,)");
}

}  // namespace
}  // namespace cornu::ops
