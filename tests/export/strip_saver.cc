#include "export/strip_saver.h"

#include <gtest/gtest.h>

namespace cornu::exporting {
namespace {

std::string serialized(const std::vector<TfNode>& nodes) {
  std::string bytes;
  protozero::pbf_writer out(bytes);
  for (const TfNode& node : nodes) out.add_message(1, node.serialized());
  return bytes;
}

std::vector<TfNode> graph_of(const char* restored_by) {
  const std::vector<SaverVariable> variables = {{"a", "ka", {1}}, {"b", "kb", {3}, false}};
  std::vector<TfNode> nodes = make_saver("saver/", "file", variables).nodes;
  for (TfNode& node : nodes) {
    if (node.op == "Assign") node.op = restored_by;
  }
  nodes.push_back({"file", "Placeholder", {}, {}});
  nodes.push_back({"a", "VarHandleOp", {}, {{"dtype", TfType{1}}, {"shared_name", std::string("shared")}}});
  nodes.push_back({"b", "VariableV2", {}, {{"dtype", TfType{3}}}});
  return nodes;
}

const SaverNames kNames{"file:0", "saver/written:0", "saver/restored"};

TEST(StripSaver, variables_are_found_with_their_keys_and_written_again) {
  const std::string bytes = serialized(graph_of("Assign"));
  const GraphView graph(bytes, "m");
  const auto found = saved_variables(graph, kNames);
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[0].node, "a");
  EXPECT_EQ((*found)[0].key, "ka");
  EXPECT_TRUE((*found)[0].is_resource);
  EXPECT_EQ((*found)[1].key, "kb");
  EXPECT_FALSE((*found)[1].is_resource);
  EXPECT_EQ(variable_name(graph, "a"), "shared");
  EXPECT_EQ(variable_name(graph, "b"), "b");
  const TfSaver smaller = smaller_saver(graph, {(*found)[1]}, kNames);
  EXPECT_EQ(smaller.restore, "ssaver/restored");  // the name is new
  EXPECT_EQ(smaller.nodes[0].inputs, (std::vector<std::string>{"b", "ssaver/restore"}));
}

TEST(StripSaver, a_saver_that_restores_tables_is_not_replaced) {
  const std::string bytes = serialized(graph_of("LookupTableImportV2"));
  EXPECT_FALSE(saved_variables(GraphView(bytes, "m"), kNames).has_value());
}

}  // namespace
}  // namespace cornu::exporting
