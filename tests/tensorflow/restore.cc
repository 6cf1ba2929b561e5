#include <gtest/gtest.h>

#include "support/make_graph.h"
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

using test::graph_node;

TEST(restore, a_tensor_that_the_checkpoint_lacks_leaves_its_variable_without_a_value) {
  const std::string bytes = test::make_graph({
      graph_node("v", "VarHandleOp", {}, {{"dtype", test::type_attr(1)}}),
      graph_node("w", "VarHandleOp", {}, {{"dtype", test::type_attr(1)}}),
      graph_node("names", "Const", {}, {{"value", test::tensor_attr(7, {2}, "", {"v", "w"})}}),
      graph_node("restored", "RestoreV2", {"names", "names", "names"}),
      graph_node("assign_v", "AssignVariableOp", {"v", "restored:0"}),
      graph_node("assign_w", "AssignVariableOp", {"w", "restored:1"}),
      graph_node("read_v", "ReadVariableOp", {"v"}),
      graph_node("read_w", "ReadVariableOp", {"w"}),
  });
  const GraphDef graph(bytes, nullptr, false, "graph");
  Environment environment;
  environment.checkpoint = [](std::string_view key) -> std::optional<Tensor> {
    if (key == "w") return std::nullopt;
    return scalar(2);
  };
  environment.setup = true;
  Request request;
  request.targets = {"assign_v", "assign_w"};
  import_graph(graph, environment, request);
  environment.setup = false;
  request = {};
  request.fetches = {{"read_v", "y"}};
  const ir::Graph read = import_graph(graph, environment, request);
  EXPECT_EQ(to_doubles(*read.constant(read.outputs()[0].value))[0], 2);
  request.fetches = {{"read_w", "y"}};
  EXPECT_THROW(import_graph(graph, environment, request), Error);
}

}  // namespace
}  // namespace cornu::tensorflow
