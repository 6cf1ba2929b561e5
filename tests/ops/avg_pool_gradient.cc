#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::ops {
namespace {

TEST(avg_pool_gradient, elements_of_a_window_share_and_padding_does_not_count) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value dy = graph.add_input("dy", DType::float32, {1, 2, 1});
  graph.add_output("dx", g.op("avg_pool_gradient", {dy},
                              {{"window", Ints{2}},
                               {"strides", Ints{2}},
                               {"auto_pad", std::string("same")},
                               {"input_size", Ints{3}}}));
  EXPECT_EQ(test::run_graph(graph, {tensor_of(std::vector<float>{6, 8}, {1, 2, 1})})[0],
            (std::vector<double>{3, 3, 8}));
}

TEST(avg_pool_gradient, an_input_size_that_does_not_lead_to_dy_is_bad_shape) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value dy = graph.add_input("dy", DType::float32, {1, 2, 1});
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        g.op("avg_pool_gradient", {dy}, {{"window", Ints{2}}, {"input_size", Ints{7}}});
      },
      "avg_pool");
}

}  // namespace
}  // namespace cornu::ops
