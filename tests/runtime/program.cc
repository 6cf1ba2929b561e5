#include "runtime/program.h"

#include <thread>

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
