#include "dynamic/lookup_table.h"
#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

TEST(lookup_table_find_any, takes_keys_of_any_rank) {
  ir::Graph graph;
  const std::vector<float> values = {1, 2, 3, 4};
  const ir::Value object = graph.add_constant(variant_tensor(
      {std::make_shared<LookupTable>(string_tensor({"a", "b"}, {2}), tensor_of(values, {2, 2}))}));
  const ir::Value keys = graph.add_input("keys", kUntyped, {});
  const ir::Value fallback = graph.add_constant(new_tensor(DType::float32, {2}).tensor);
  graph.add_output("y", test::add_dynamic(graph, "lookup_table_find_any", {object, keys, fallback}, 1)[0]);
  const Tensor found = test::run_dynamic(graph, {string_tensor({"b", "?"}, {2})})[0];
  EXPECT_EQ(found.shape, Shape({2, 2}));
  EXPECT_EQ(to_doubles(found), (std::vector<double>{3, 4, 0, 0}));
}

}  // namespace
}  // namespace cornu::dynamic
