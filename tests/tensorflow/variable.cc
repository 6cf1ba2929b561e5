#include <gtest/gtest.h>

#include "runtime/program.h"
#include "support/make_graph.h"
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

using test::graph_node;

// A variable "v" restored from a checkpoint in which it is 5, read by "read", and increased by "increase".
std::string counting_graph() {
  const float one = 1;
  return test::make_graph({
      graph_node("v", "VarHandleOp", {},
                 {{"dtype", test::type_attr(1)}, {"shared_name", test::text_attr("v")}}),
      graph_node("read", "ReadVariableOp", {"v"}),
      graph_node("one", "Const", {},
                 {{"value", test::tensor_attr(1, {}, std::string(reinterpret_cast<const char*>(&one), 4))}}),
      graph_node("increase", "AssignAddVariableOp", {"v", "one"}),
      graph_node("after", "ReadVariableOp", {"v", "^increase"}),
      graph_node("file", "Placeholder"),
      graph_node("names", "Const", {}, {{"value", test::tensor_attr(7, {1}, "", {"v/key"})}}),
      graph_node("restored", "RestoreV2", {"file", "names", "names"}),
      graph_node("assign", "AssignVariableOp", {"v", "restored"}),
      graph_node("restore", "NoOp", {"^assign"}),
  });
}

class VariableTest : public testing::Test {
 protected:
  void SetUp() override {
    graph_ = GraphDef(bytes_, nullptr, false, "graph");
    environment_.checkpoint = [](std::string_view key) -> std::optional<Tensor> {
      if (key != "v/key") return std::nullopt;
      return scalar(5);
    };
  }
  void restore() {
    Request request;
    request.targets = {"restore"};
    environment_.setup = true;
    import_graph(graph_, environment_, request);
    environment_.setup = false;
  }
  double run(const std::string& tensor) {
    Request request;
    request.fetches = {{tensor, "y"}};
    auto program = std::make_shared<runtime::Program>(import_graph(graph_, environment_, request),
                                                      *devices::find_device("cpu"), true, environment_.state);
    return to_doubles(runtime::Session(program, 1).run({})[0])[0];
  }

  const std::string bytes_ = counting_graph();
  GraphDef graph_;
  Environment environment_;
};

TEST_F(VariableTest, has_no_value_before_it_is_restored) {
  EXPECT_THROW(run("read"), Error);
}

TEST_F(VariableTest, that_nothing_changes_is_a_constant) {
  restore();
  Request request;
  request.fetches = {{"read", "y"}};
  const ir::Graph graph = import_graph(graph_, environment_, request);
  EXPECT_NE(graph.constant(graph.outputs()[0].value), nullptr);
  EXPECT_EQ(run("read"), 5);
}

TEST_F(VariableTest, that_changes_keeps_its_value_from_run_to_run) {
  restore();
  EXPECT_EQ(run("after"), 6);
  EXPECT_EQ(run("after"), 7);
  EXPECT_EQ(run("read"), 7) << "reading sees what was assigned";
}

TEST_F(VariableTest, restoring_is_refused_while_predicting) {
  Request request;
  request.fetches = {{"restored", "y"}};
  request.constants.emplace_back("file", string_tensor({"x"}, {}));
  EXPECT_THROW(import_graph(graph_, environment_, request), Error);
}

}  // namespace
}  // namespace cornu::tensorflow
