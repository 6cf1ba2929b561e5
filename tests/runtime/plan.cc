#include "runtime/plan.h"

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::runtime {
namespace {

using ir::Value;
using test::ramp;

std::shared_ptr<const Plan> plan_of(const ir::Graph& graph, const Shape& input) {
  const TensorType type{DType::float32, input};
  return make_plan(graph, std::span(&type, 1), *devices::find_device("cpu"), 1, true);
}

TEST(Plan, a_chain_of_elementwise_ops_works_in_place) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 1024});
  Value y = g.op("neg", {x});
  for (int i = 0; i < 5; ++i) y = g.op("abs", {y});
  graph.add_output("y", g.op("neg", {y}));
  EXPECT_LE(plan_of(graph, {1, 1024})->arena_bytes, 4096 + 64);
  EXPECT_EQ(test::run_graph(graph, {ramp({1, 1024})})[0].size(), 1024U);
}

TEST(Plan, a_residual_gives_its_place_to_the_sum) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {1, 32, 32, 8});
  const Value wide = g.op("neg", {x});
  const Value y = g.op("conv", {g.op("abs", {x}), g.constant(ramp({1, 1, 8, 8})), wide},
                       {{"strides", Ints{1, 1}}, {"epilogue", std::string("residual")}});
  graph.add_output("y", g.op("neg", {y}));
  const int64_t bytes = 32 * 32 * 8 * 4;
  EXPECT_LE(plan_of(graph, {1, 32, 32, 8})->arena_bytes, 2 * bytes + 16 * 1024);
}

TEST(Plan, an_input_is_never_overwritten) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {4});
  graph.add_output("y", g.op("neg", {g.op("neg", {g.op("abs", {x})})}));
  const Tensor input = ramp({4});
  const std::vector<double> before = to_doubles(input);
  test::run_graph(graph, {input});
  EXPECT_EQ(to_doubles(input), before);
}

TEST(Plan, aliases_constants_and_inputs_may_be_outputs) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2, 3});
  const Value doubled = g.op("add", {x, x});
  graph.add_output("input", x);
  graph.add_output("alias", g.reshape(x, {3, 2}));
  graph.add_output("constant", g.constant(ramp({2})));
  graph.add_output("made", doubled);
  graph.add_output("again", doubled);
  graph.add_output("made_alias", g.reshape(doubled, {6}));
  const auto out = test::run_graph(graph, {ramp({2, 3})});
  const std::vector<double> values = to_doubles(ramp({2, 3}));
  EXPECT_EQ(out[0], values);
  EXPECT_EQ(out[1], values);
  EXPECT_EQ(out[2], to_doubles(ramp({2})));
  EXPECT_EQ(out[3], out[4]);
  EXPECT_EQ(out[3], out[5]);
  EXPECT_EQ(out[3][5], 2 * values[5]);
}

TEST(Plan, a_value_lives_until_its_last_reader) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {64});
  const Value early = g.op("neg", {x});
  const Value view = g.reshape(early, {8, 8});
  Value y = g.op("abs", {early});
  for (int i = 0; i < 4; ++i) y = g.op("add", {y, g.op("square", {y})});
  graph.add_output("y", g.op("add", {y, g.reshape(view, {64})}));
  const auto out = test::run_graph(graph, {ramp({64})})[0];
  const auto in = to_doubles(ramp({64}));
  for (size_t i = 0; i < in.size(); ++i) {
    float wanted = std::abs(static_cast<float>(in[i]));
    for (int k = 0; k < 4; ++k) wanted += wanted * wanted;
    EXPECT_NEAR(out[i], wanted - static_cast<float>(in[i]), 1e-5 * std::abs(wanted) + 1e-6);
  }
}

TEST(Plan, sizes_that_follow_from_the_input_shape_are_computed_while_planning) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 2, 3});
  const Value shape =
      g.op("shape", {g.op("transpose", {x}, {{"permutation", Ints{2, 0, 1}}})}, {{"dtype", DType::int64}});
  graph.add_output("y", g.op("reshape", {x, shape}));
  const auto plan = plan_of(graph, {5, 2, 3});
  EXPECT_EQ(plan->outputs[0].shape, (Shape{3, 5, 2}));
}

TEST(Plan, half_precision_is_computed_in_float_and_rounded_once) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float16, {3});
  graph.add_output("y", g.op("mul", {x, x}));
  const float values[] = {1.0009765625F, 300, -0.333251953125F};  // float16 numbers
  const auto out = test::run_graph(graph, {cast_tensor(tensor_of(values, {3}), DType::float16)})[0];
  EXPECT_EQ(out[0], 1.001953125);  // 1.00195407867431640625 rounded to float16
  EXPECT_TRUE(std::isinf(out[1]));
  EXPECT_NEAR(out[2], 0.111, 1e-4);
}

TEST(Plan, an_absurd_shape_is_out_of_memory_not_a_crash) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, Shape::kUnknown});
  graph.add_output(
      "y", g.op("abs", {g.op("tile", {x}, {{"multiples", Ints{int64_t{1} << 30, int64_t{1} << 20}}})}));
  test::expect_error(ErrorCode::out_of_memory, [&] { plan_of(graph, {2, 2}); });
}

}  // namespace
}  // namespace cornu::runtime
