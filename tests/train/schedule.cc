#include "train/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ir/builder.h"

namespace cornu::train {
namespace {

using ir::Value;

// Where the node that makes a value comes in the order.
size_t place_of(const ir::Graph& graph, Value value) {
  return static_cast<size_t>(graph.info(value).node);
}

TEST(order_updates, what_reads_the_old_value_runs_before_it_is_overwritten) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value w = graph.add_input("w", DType::float32, {3});
  const Value d = graph.add_input("d", DType::float32, {3});
  const Value next = g.op("add", {w, d});
  const Value reader = g.op("mul", {w, d});
  graph.add_output("next", next);
  graph.add_output("reader", reader);
  const InPlace pairs[] = {{w, next}};
  EXPECT_EQ(order_updates(graph, pairs), std::vector<bool>{false});
  ir::verify(graph);
  EXPECT_LT(place_of(graph, reader), place_of(graph, next));
}

TEST(order_updates, two_variables_that_each_need_the_other_s_old_value_are_kept_apart_once) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value a = graph.add_input("a", DType::float32, {3});
  const Value b = graph.add_input("b", DType::float32, {3});
  const Value next_a = g.op("add", {a, b});
  const Value next_b = g.op("mul", {a, b});
  graph.add_output("a", next_a);
  graph.add_output("b", next_b);
  const InPlace pairs[] = {{a, next_a}, {b, next_b}};
  const std::vector<bool> apart = order_updates(graph, pairs);
  ir::verify(graph);
  EXPECT_EQ(std::count(apart.begin(), apart.end(), true), 1);
}

TEST(order_updates, a_new_value_that_reads_the_old_one_out_of_order_is_kept_apart) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value w = graph.add_input("w", DType::float32, {3, 3});
  const Value next = g.op("matmul", {w, w});
  graph.add_output("next", next);
  const InPlace pairs[] = {{w, next}};
  EXPECT_EQ(order_updates(graph, pairs), std::vector<bool>{true});
}

TEST(order_updates, a_value_of_two_variables_is_made_once_and_copied) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value a = graph.add_input("a", DType::float32, {3});
  const Value b = graph.add_input("b", DType::float32, {3});
  const Value next = g.op("neg", {a});
  graph.add_output("a", next);
  graph.add_output("b", next);
  const InPlace pairs[] = {{a, next}, {b, next}};
  EXPECT_EQ(order_updates(graph, pairs), (std::vector<bool>{false, true}));
}

TEST(order_updates, the_optimizer_s_nodes_run_as_soon_as_they_can) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value w = graph.add_input("w", DType::float32, {3});
  const Value d = g.op("neg", {graph.add_input("d", DType::float32, {3})});
  const Value later = g.op("exp", {g.op("exp", {d})});
  graph.set_layer(std::string(kOptimizerLayer));
  const Value next = g.op("sub", {w, d});
  graph.add_output("later", later);
  graph.add_output("next", next);
  const InPlace pairs[] = {{w, next}};
  EXPECT_EQ(order_updates(graph, pairs), std::vector<bool>{false});
  EXPECT_LT(place_of(graph, next), place_of(graph, later));
}

}  // namespace
}  // namespace cornu::train
