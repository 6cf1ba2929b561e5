#include "dynamic/lookup_table.h"
#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

Tensor find(const LookupTable& table, const Tensor& keys, const Tensor& fallback) {
  ir::Graph graph;
  const ir::Value object =
      graph.add_constant(variant_tensor({std::make_shared<LookupTable>(table.keys(), table.values())}));
  const ir::Value in = graph.add_input("keys", keys.dtype, keys.shape);
  graph.add_output("y", test::add(graph, "lookup_table_find", {object, in, graph.add_constant(fallback)},
                                  {{"dtype", table.values().dtype}}));
  return test::run_dynamic(graph, {keys})[0];
}

TEST(lookup_table_find, gives_the_value_of_each_key_or_the_default) {
  const LookupTable table(string_tensor({"a", "b", ""}, {3}),
                          tensor_of_ints(std::vector<int64_t>{7, 8, 9}, {3}));
  const Tensor found = find(table, string_tensor({"b", "x", "", "a"}, {2, 2}), scalar(-1, DType::int64));
  EXPECT_EQ(found.shape, Shape({2, 2}));
  EXPECT_EQ(to_ints(found), (std::vector<int64_t>{8, -1, 9, 7}));
}

TEST(lookup_table_find, takes_integer_keys_and_gives_strings) {
  const LookupTable table(tensor_of_ints(std::vector<int64_t>{3, 5}, {2}),
                          string_tensor({"three", "five"}, {2}));
  const Tensor found = find(table, tensor_of_ints(std::vector<int64_t>{5, 4}, {2}), string_tensor({"?"}, {}));
  EXPECT_EQ(strings_of(found)[0], "five");
  EXPECT_EQ(strings_of(found)[1], "?");
}

TEST(lookup_table_find, refuses_what_does_not_fit) {
  EXPECT_THROW(LookupTable(string_tensor({"a"}, {1}), tensor_of_ints(std::vector<int64_t>{1, 2}, {2})),
               Error);
  EXPECT_THROW(LookupTable(scalar(1), scalar(1)), Error);
  const LookupTable table(string_tensor({"a"}, {1}), tensor_of_ints(std::vector<int64_t>{7}, {1}));
  EXPECT_THROW(find(table, scalar(1, DType::int64), scalar(0, DType::int64)), Error)
      << "integers for strings";
  EXPECT_THROW(find(table, string_tensor({"a"}, {1}), scalar(0)), Error) << "a default of another type";
}

}  // namespace
}  // namespace cornu::dynamic
