#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

TEST(string_index_lookup, gives_the_position_or_minus_one) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", DType::string, {2, 2});
  const ir::Value keys = graph.add_constant(string_tensor({"b", "", "b"}, {3}));
  graph.add_output("y", test::add(graph, "string_index_lookup", {x, keys}, {}));
  const Tensor y = test::run_dynamic(graph, {string_tensor({"b", "x", "", "a"}, {2, 2})})[0];
  EXPECT_EQ(y.shape, Shape({2, 2}));
  EXPECT_EQ(to_ints(y), (std::vector<int64_t>{0, -1, 1, -1}));
}

}  // namespace
}  // namespace cornu::dynamic
