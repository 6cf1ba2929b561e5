// What it computes is checked by tests/train/gradient.cc.
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::ops {
namespace {

TEST(batch_norm_gradient, the_fast_kernel_equals_the_reference_on_any_number_of_threads) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Shape shape{41, 29, 53};
  const ir::Value x = graph.add_input("x", DType::float32, shape);
  const ir::Value dy = graph.add_input("dy", DType::float32, shape);
  const ir::Value per_channel = graph.add_input("c", DType::float32, {53});
  const ir::Value variance = g.op("square", {per_channel});
  for (ir::Value d :
       g.multi_op("batch_norm_gradient", {x, dy, per_channel, variance, per_channel}, {{"epsilon", 0.01}}))
    graph.add_output("d", d);
  const std::vector<Tensor> inputs = {test::ramp(shape), test::ramp(shape, 0.5F, 0.125F), test::ramp({53})};
  const auto wanted = test::run_graph(graph, inputs, false);
  for (int threads : {1, 3}) {
    const auto got = test::run_graph(graph, inputs, true, threads);
    for (size_t k = 0; k < 3; ++k) {
      double scale = 0;
      for (double value : wanted[k]) scale = std::max(scale, std::abs(value));
      for (size_t i = 0; i < got[k].size(); ++i)
        ASSERT_NEAR(got[k][i], wanted[k][i], 1e-5 * scale) << "output " << k << ", element " << i;
    }
  }
}

TEST(batch_norm_gradient, a_dy_of_another_shape_is_bad_shape) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, {2, 3});
  const ir::Value c = graph.add_input("c", DType::float32, {3});
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        g.multi_op("batch_norm_gradient", {x, c, c, c, c}, {{"epsilon", 0.0}});
      },
      "dy (3,)");
}

}  // namespace
}  // namespace cornu::ops
