// The fast kernel against the reference op.
#include <gtest/gtest.h>

#include "support/graph_run.h"

namespace cornu::kernels {
namespace {

struct Case {
  Shape x;
  Ints window, strides;
  const char* pad;
};

class MaxPoolGradient : public testing::TestWithParam<Case> {};

TEST_P(MaxPoolGradient, equals_the_reference_on_any_number_of_threads) {
  const Case& c = GetParam();
  const Attrs attrs{{"window", c.window}, {"strides", c.strides}, {"auto_pad", std::string(c.pad)}};
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, c.x);
  const ir::Value y = g.op("max_pool", {x}, attrs);
  const Shape shape = g.shape(y);
  const ir::Value dy = graph.add_input("dy", DType::float32, shape);
  graph.add_output("dx", g.op("max_pool_gradient", {x, y, dy}, attrs));
  const std::vector<Tensor> inputs = {test::ramp(c.x), test::ramp(shape, 0.5F, 0.125F)};
  const auto wanted = test::run_graph(graph, inputs, false);
  for (int threads : {1, 3}) EXPECT_EQ(test::run_graph(graph, inputs, true, threads), wanted);
}

INSTANTIATE_TEST_SUITE_P(shapes, MaxPoolGradient,
                         testing::Values(Case{{3, 9, 8, 19}, {2, 2}, {2, 2}, "valid"},
                                         Case{{2, 9, 8, 16}, {3, 3}, {2, 2}, "same"},
                                         Case{{2, 9, 8, 3}, {3, 2}, {1, 1}, "same"},
                                         Case{{2, 17, 5}, {4}, {3}, "same"}));

}  // namespace
}  // namespace cornu::kernels
