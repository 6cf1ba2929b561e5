#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::ops {
namespace {

TEST(conv_weight_gradient, each_tap_sums_the_products_of_the_pixels_that_it_sees) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, {1, 3, 1});
  const ir::Value dy = graph.add_input("dy", DType::float32, {1, 3, 1});
  graph.add_output(
      "dw", g.op("conv_weight_gradient", {x, dy}, {{"kernel", Ints{3}}, {"auto_pad", std::string("same")}}));
  const auto dw = test::run_graph(
      graph,
      {tensor_of(std::vector<float>{1, 2, 3}, {1, 3, 1}), tensor_of(std::vector<float>{5, 7, 11}, {1, 3, 1})},
      false)[0];
  EXPECT_EQ(dw, (std::vector<double>{1 * 7 + 2 * 11, 1 * 5 + 2 * 7 + 3 * 11, 2 * 5 + 3 * 7}));
}

TEST(conv_weight_gradient, a_dy_that_no_convolution_gives_is_bad_shape) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, {1, 5, 1});
  const ir::Value dy = graph.add_input("dy", DType::float32, {1, 4, 1});
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        g.op("conv_weight_gradient", {x, dy}, {{"kernel", Ints{3}}});
      },
      "dy (1, 4, 1)");
}

}  // namespace
}  // namespace cornu::ops
