#include "runtime/program.h"

#include <thread>

#include "base/fail.h"
#include "support/graph_run.h"

namespace cornu::runtime {
namespace {

using ir::Value;
using test::ramp;

ir::Graph small_net() {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 6});
  graph.add_output("y", g.op("relu", {g.op("matmul", {x, g.constant(ramp({6, 4}))})}));
  return graph;
}

TEST(Program, a_plan_is_made_once_per_shape_and_the_least_recent_is_dropped) {
  const Program program(small_net(), *devices::find_device("cpu"), true);
  const auto plan_for = [&](int64_t rows) {
    const TensorType type{DType::float32, {rows, 6}};
    return program.plan(std::span(&type, 1), 1);
  };
  const auto first = plan_for(1);
  EXPECT_EQ(plan_for(1), first);
  for (int64_t rows = 2; rows < 18; ++rows) plan_for(rows);
  EXPECT_NE(plan_for(1), first);
}

// A graph that only runs node by node: its reshape goes through a `gate`, whose result is untyped.
ir::Graph dynamic_net() {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 6});
  Attrs attrs{{"types", dynamic::types_attr({dynamic::MaybeType()})}};
  const Value gated = graph.add_node(*ir::find_op("gate"), {g.op("relu", {x})}, std::move(attrs))[0];
  graph.add_output("y", gated);
  return graph;
}

TEST(Program, a_dynamic_graph_is_planned_where_its_special_form_for_the_input_types_allows) {
  int made = 0;
  const Specialise specialise = [&](std::span<const TensorType> inputs) {
    ++made;
    ir::Graph graph;
    ir::GraphBuilder g(graph);
    const Value x = graph.add_input("x", inputs[0].dtype, inputs[0].shape);
    if (inputs[0].shape[0] == 13) fail(ErrorCode::bad_shape, "", "13 rows");
    graph.add_output("y", g.op("relu", {x}));
    return graph;
  };
  auto program = std::make_shared<Program>(dynamic_net(), *devices::find_device("cpu"), true, nullptr,
                                           RunLimits(), specialise);
  Session session(program, 1);
  for (const int64_t rows : {2, 2, 13, 2, 13}) {
    const Tensor input = ramp({rows, 6});
    const Tensor y = session.run(std::span(&input, 1))[0];
    EXPECT_EQ(y.shape, (Shape{rows, 6}));
    EXPECT_EQ(session.plan_for(std::span(&input, 1)) == nullptr, rows == 13);
  }
  EXPECT_EQ(made, 2);
}

TEST(Session, shapes_may_change_from_run_to_run) {
  auto program = std::make_shared<Program>(small_net(), *devices::find_device("cpu"), true);
  Session session(program, 1);
  for (int64_t rows : {3, 1, 7, 3}) {
    const Tensor input = ramp({rows, 6});
    EXPECT_EQ(session.run(std::span(&input, 1))[0].shape, (Shape{rows, 4}));
  }
}

TEST(Session, many_threads_with_a_session_each_give_the_same_bits) {
  auto program = std::make_shared<Program>(small_net(), *devices::find_device("cpu"), true);
  const Tensor input = ramp({5, 6});
  const auto wanted = to_doubles(Session(program, 1).run(std::span(&input, 1))[0]);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      Session session(program, 1);
      for (int i = 0; i < 50; ++i) wrong[t] += to_doubles(session.run(std::span(&input, 1))[0]) != wanted;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}  // namespace
}  // namespace cornu::runtime
