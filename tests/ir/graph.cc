#include "ir/graph.h"

#include <gtest/gtest.h>

#include "ir/builder.h"
#include "support/expect_error.h"

namespace cornu::ir {
namespace {

TEST(Graph, a_chain_prints_as_text) {
  Graph graph;
  GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 4, 4});
  graph.set_layer("flatten");
  graph.add_output("y", g.op("leaky_relu", {g.reshape(x, {0, -1})}, {{"slope", 0.5}}));
  verify(graph);
  EXPECT_EQ(print(graph),
            "input %0:float32(None, 4, 4) \"x\"\n"
            "%1:float32(None, 16) = reshape(%0) {shape=[0, -1]}  # flatten\n"
            "%2:float32(None, 16) = leaky_relu(%1) {slope=0.5}  # flatten\n"
            "output %2 \"y\"\n");
}

TEST(Graph, sort_puts_a_node_before_its_users_and_keeps_the_order_of_others) {
  Graph graph;
  GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2});
  const Value a = g.op("leaky_relu", {x}, {{"slope", 0.1}});
  const Value b = g.op("leaky_relu", {a}, {{"slope", 0.2}});
  const Value late = g.op("leaky_relu", {x}, {{"slope", 0.3}});
  graph.mutable_nodes()[1].inputs[0] = late;  // b now needs a node that stands after it
  graph.add_output("y", b);
  test::expect_error(
      ErrorCode::internal, [&] { verify(graph); }, "before it is made");
  graph.sort();
  verify(graph);
  EXPECT_EQ(graph.nodes()[1].outputs[0], late);
  EXPECT_EQ(graph.nodes()[2].outputs[0], b);
}

TEST(Graph, a_cycle_is_found_by_sort) {
  Graph graph;
  GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2});
  const Value a = g.op("leaky_relu", {x}, {{"slope", 0.1}});
  const Value b = g.op("leaky_relu", {a}, {{"slope", 0.2}});
  graph.mutable_nodes()[0].inputs[0] = b;
  test::expect_error(
      ErrorCode::internal, [&] { graph.sort(); }, "cycle");
}

TEST(Graph, a_weight_without_data_is_no_constant_until_it_is_bound) {
  Graph graph;
  const Value weight = graph.add_constant({DType::float32, {2}, nullptr, nullptr, false});
  EXPECT_EQ(graph.constant(weight), nullptr);
  const float values[] = {1, 2};
  graph.make_constant(weight, tensor_of(values, {2}));
  ASSERT_NE(graph.constant(weight), nullptr);
  EXPECT_EQ(to_doubles(*graph.constant(weight)), (std::vector<double>{1, 2}));
}

TEST(Graph, an_error_of_a_shape_rule_names_the_layer) {
  Graph graph;
  GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2, 3});
  graph.set_layer("reshape_1");
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        g.reshape(x, {4, -1});
      },
      "reshape_1: 6 elements of shape (2, 3) do not fit into (4, None)");
}

TEST(Graph, remove_nodes_keeps_producers_right) {
  Graph graph;
  GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2});
  g.op("leaky_relu", {x}, {{"slope", 0.1}});
  const Value b = g.op("leaky_relu", {x}, {{"slope", 0.2}});
  graph.add_output("y", b);
  graph.remove_nodes({true, false});
  verify(graph);
  EXPECT_EQ(graph.info(b).node, 0);
  EXPECT_EQ(graph.count_uses()[static_cast<size_t>(x.id)], 1);
}

}  // namespace
}  // namespace cornu::ir
