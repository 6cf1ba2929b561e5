#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::ops {
namespace {

TEST(max_pool_gradient, the_first_of_equal_elements_gets_everything) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, {1, 4, 1});
  const Attrs attrs{{"window", Ints{2}}, {"strides", Ints{2}}};
  const ir::Value y = g.op("max_pool", {x}, attrs);
  const ir::Value dy = graph.add_input("dy", DType::float32, {1, 2, 1});
  graph.add_output("dx", g.op("max_pool_gradient", {x, y, dy}, attrs));
  const auto dx = test::run_graph(graph, {tensor_of(std::vector<float>{4, 4, 1, 2}, {1, 4, 1}),
                                          tensor_of(std::vector<float>{5, 7}, {1, 2, 1})})[0];
  EXPECT_EQ(dx, (std::vector<double>{5, 0, 0, 7}));
}

TEST(max_pool_gradient, a_dy_of_another_shape_is_bad_shape) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, {1, 4, 1});
  const Attrs attrs{{"window", Ints{2}}, {"strides", Ints{2}}};
  const ir::Value y = g.op("max_pool", {x}, attrs);
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        g.op("max_pool_gradient", {x, y, x}, attrs);
      },
      "max_pool");
}

}  // namespace
}  // namespace cornu::ops
