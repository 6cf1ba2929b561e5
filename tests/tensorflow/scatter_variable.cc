#include <gtest/gtest.h>

#include "runtime/program.h"
#include "support/expect_error.h"
#include "support/make_graph.h"
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

using test::graph_node;

std::string bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

std::string constant(const std::string& name, const std::vector<int64_t>& shape,
                     const std::vector<float>& values) {
  return graph_node(name, "Const", {}, {{"value", test::tensor_attr(1, shape, bytes_of(values))}});
}

std::string indices(const std::vector<int64_t>& shape, const std::vector<int32_t>& values) {
  const std::string bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(int32_t));
  return graph_node("i", "Const", {}, {{"value", test::tensor_attr(3, shape, bytes)}});
}

std::vector<double> run(const GraphDef& graph, Environment& environment, const std::string& tensor) {
  Request request;
  request.fetches = {{tensor, "y"}};
  auto program = std::make_shared<runtime::Program>(import_graph(graph, environment, request),
                                                    *devices::find_device("cpu"), true, environment.state);
  return to_doubles(runtime::Session(program, 1).run({})[0]);
}

std::vector<double> frozen(const std::string& op, const std::string& index, const std::string& updates) {
  const std::string bytes = test::make_graph(
      {constant("v", {3, 2}, {1, 2, 3, 4, 5, 6}), index, updates, graph_node("y", op, {"v", "i", "u"})});
  Environment environment;
  return run(GraphDef(bytes, nullptr, false, "graph"), environment, "y");
}

using Numbers = std::vector<double>;

TEST(scatter_variable, changes_the_rows_that_indices_name) {
  const std::string rows = indices({3}, {2, 0, 2}), updates = constant("u", {3, 2}, {1, 2, 10, 20, 3, 5});
  EXPECT_EQ(frozen("ScatterAdd", rows, updates), (Numbers{11, 22, 3, 4, 9, 13}));
  EXPECT_EQ(frozen("ScatterSub", rows, updates), (Numbers{-9, -18, 3, 4, 1, -1}));
  EXPECT_EQ(frozen("ScatterMul", rows, updates), (Numbers{10, 40, 3, 4, 15, 60}));
  EXPECT_EQ(frozen("ScatterDiv", rows, constant("u", {3, 2}, {1, 2, 2, 4, 5, 3})),
            (Numbers{0.5, 0.5, 3, 4, 1, 1}));
  EXPECT_EQ(frozen("ScatterMin", rows, updates), (Numbers{1, 2, 3, 4, 1, 2}));
  EXPECT_EQ(frozen("ScatterMax", rows, updates), (Numbers{10, 20, 3, 4, 5, 6}));
  EXPECT_EQ(frozen("ScatterUpdate", rows, updates), (Numbers{10, 20, 3, 4, 3, 5}));
  EXPECT_EQ(frozen("ScatterAdd", rows, constant("u", {}, {100})), (Numbers{101, 102, 3, 4, 205, 206}));
}

TEST(scatter_variable, changes_the_places_that_index_vectors_name) {
  const std::string places = indices({2, 2}, {0, 1, 2, 0});
  EXPECT_EQ(frozen("ScatterNdUpdate", places, constant("u", {2}, {7, 8})), (Numbers{1, 7, 3, 4, 8, 6}));
  EXPECT_EQ(frozen("ScatterNdSub", places, constant("u", {2}, {7, 8})), (Numbers{1, -5, 3, 4, -3, 6}));
}

TEST(scatter_variable, an_index_outside_and_updates_that_do_not_fit_are_bad_shape) {
  test::expect_error(
      ErrorCode::bad_shape,
      [] {
        frozen("ScatterAdd", indices({1}, {3}), constant("u", {1, 2}, {1, 2}));
      },
      "index 3");
  test::expect_error(
      ErrorCode::bad_shape,
      [] {
        frozen("ScatterAdd", indices({2}, {0, 1}), constant("u", {1, 2}, {1, 2}));
      },
      "do not fit");
}

TEST(scatter_variable, a_variable_keeps_what_was_changed) {
  const std::string bytes =
      test::make_graph({graph_node("v", "VarHandleOp", {},
                                   {{"dtype", test::type_attr(1)}, {"shared_name", test::text_attr("v")}}),
                        indices({1}, {1}), constant("u", {1}, {4}),
                        graph_node("change", "ResourceScatterAdd", {"v", "i", "u"}),
                        graph_node("after", "ReadVariableOp", {"v", "^change"})});
  const GraphDef graph(bytes, nullptr, false, "graph");
  Environment environment;
  const NodeDef* variable = graph.nodes().find("v");
  declare_variable(environment, *variable)->value = tensor_of(std::vector<float>{1, 2}, {2});
  EXPECT_EQ(run(graph, environment, "after"), (Numbers{1, 6}));
  EXPECT_EQ(run(graph, environment, "after"), (Numbers{1, 10}));
}

}  // namespace
}  // namespace cornu::tensorflow
