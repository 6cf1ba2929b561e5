#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::ops {
namespace {

std::vector<double> added(const std::vector<int64_t>& indices, const Shape& index_shape, const Tensor& x,
                          const Attrs& attrs) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value i = graph.add_input("i", DType::int64, index_shape);
  const ir::Value v = graph.add_input("x", x.dtype, x.shape);
  graph.add_output("y", g.op("scatter_add", {i, v}, attrs));
  return test::run_graph(graph, {tensor_of_ints(indices, index_shape), x})[0];
}

TEST(scatter_add, rows_of_equal_indices_are_summed_and_those_outside_left_out) {
  const Tensor x = tensor_of(std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}, {4, 2});
  EXPECT_EQ(added({2, 0, 2, 3}, {4}, x, {{"size", int64_t{3}}}), (std::vector<double>{3, 4, 0, 0, 6, 8}));
}

TEST(scatter_add, each_row_of_a_batch_has_indices_of_its_own) {
  const Tensor x = tensor_of(std::vector<float>{1, 2, 3, 4}, {2, 2});
  const Attrs attrs{{"size", int64_t{2}}, {"axis", int64_t{1}}, {"batch_dims", int64_t{1}}};
  EXPECT_EQ(added({1, 1, 0, 1}, {2, 2}, x, attrs), (std::vector<double>{0, 3, 3, 4}));
}

TEST(scatter_add, sizes_that_do_not_fit_are_bad_shape) {
  const Tensor x = tensor_of(std::vector<float>{1, 2}, {2});
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        added({1, 1, 0}, {3}, x, {{"size", int64_t{2}}});
      },
      "scatter_add");
}

}  // namespace
}  // namespace cornu::ops
