#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

// The condition "x < limit" and the step "x + increment" of a loop over one number.
std::pair<ir::Graph, ir::Graph> counting(int64_t increment) {
  ir::Graph condition;
  const ir::Value x = condition.add_input("x", DType::int64, {});
  const ir::Value limit = condition.add_input("limit", DType::int64, {});
  condition.add_output("", test::add(condition, "less", {x, limit}));
  ir::Graph step;
  const ir::Value y = step.add_input("x", DType::int64, {});
  step.add_input("limit", DType::int64, {});
  step.add_output(
      "",
      test::add(step, "add", {y, step.add_constant(scalar(static_cast<double>(increment), DType::int64))}));
  return {std::move(condition), std::move(step)};
}

ir::Graph loop(int64_t increment) {
  auto [condition, step] = counting(increment);
  ir::Graph graph;
  const ir::Value limit = graph.add_input("limit", DType::int64, {});
  const ir::Value start = graph.add_constant(scalar(0, DType::int64));
  const auto out = test::add_dynamic(
      graph, "while_loop",
      {test::object(graph, std::move(condition)), test::object(graph, std::move(step)), start, limit}, 1,
      {{"variables", int64_t{1}}});
  graph.add_output("x", out[0]);
  return graph;
}

TEST(while_loop, runs_its_step_as_long_as_its_condition_holds) {
  EXPECT_EQ(to_ints(test::run_dynamic(loop(3), {scalar(10, DType::int64)})[0]), std::vector<int64_t>{12});
  EXPECT_EQ(to_ints(test::run_dynamic(loop(3), {scalar(0, DType::int64)})[0]), std::vector<int64_t>{0});
}

TEST(while_loop, that_never_ends_is_stopped_by_its_limit) {
  runtime::RunLimits limits;
  limits.iterations = 1000;
  try {
    test::run_dynamic(loop(0), {scalar(1, DType::int64)}, nullptr, limits);
    FAIL() << "the loop ended";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(error.message().find("1000 iterations"), std::string::npos) << error.what();
  }
  limits = {};
  limits.seconds = 0.05;
  EXPECT_THROW(test::run_dynamic(loop(0), {scalar(1, DType::int64)}, nullptr, limits), Error);
}

}  // namespace
}  // namespace cornu::dynamic
