#include "runtime/segments.h"

#include <functional>

#include "support/graph_run.h"

namespace cornu::runtime {
namespace {

using ir::Value;
using test::ramp;

constexpr int64_t kSize = 96;  // height and width: values of 16 channels are 590 kB a row

Attrs same() {
  return {{"auto_pad", std::string("same")}};
}

// Steps of the plan that stand for a segment.
int64_t segments_in(const ir::Graph& graph, const Shape& input, int threads = 1) {
  const std::vector<TensorType> types(graph.inputs().size(), {DType::float32, input});
  const auto plan = make_plan(graph, types, *devices::find_device("cpu"), threads, true);
  return std::count_if(plan->steps.begin(), plan->steps.end(),
                       [](const Step& step) { return !step.bodies.empty(); });
}

// Equal to 1e-5 of the largest value.
void expect_close(const std::vector<double>& got, const std::vector<double>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  double scale = 0;
  for (const double value : wanted) scale = std::max(scale, std::abs(value));
  for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 1e-5 * scale) << "element " << i;
}

// The answers for all rows at once equal those for each row alone, with any number of threads.
void expect_rows_alone(const ir::Graph& graph, const Shape& input) {
  const Tensor x = ramp(input);
  const int64_t row_bytes = x.size_bytes() / input[0];
  std::vector<double> wanted;
  for (int64_t row = 0; row < input[0]; ++row) {
    Tensor one = x;
    one.shape = input.with(0, 1);
    one.data += row * row_bytes;
    const auto answers = test::run_graph(graph, {one});
    wanted.insert(wanted.end(), answers[0].begin(), answers[0].end());
  }
  for (int threads : {1, 2, 3}) expect_close(test::run_graph(graph, {x}, true, threads)[0], wanted);
}

ir::Graph network() {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, kSize, kSize, 4});
  const Value a = g.op("conv", {x, g.constant(ramp({3, 3, 4, 16}, 0, 0.01F))}, same());
  const Value b = g.op("mul", {g.op("tanh", {a}), g.constant(ramp({16}))});
  const Value c = g.op("concat", {a, b}, {{"axis", int64_t{3}}});
  const Value d = g.op("max_pool", {c}, {{"window", Ints{8, 8}}, {"strides", Ints{8, 8}}});
  const Value e = g.reshape(d, {0, kSize / 8 * kSize / 8 * 32});
  graph.add_output("y", g.op("matmul", {e, g.constant(ramp({kSize / 8 * kSize / 8 * 32, 3}, 0, 0.001F))}));
  return graph;
}

TEST(Segments, a_large_batch_runs_in_micro_batches_and_answers_the_same) {
  EXPECT_GE(segments_in(network(), {9, kSize, kSize, 4}), 1);
  expect_rows_alone(network(), {9, kSize, kSize, 4});
}

TEST(Segments, what_fits_into_cache_stays_whole) {
  EXPECT_EQ(segments_in(network(), {1, kSize, kSize, 4}), 0);
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 16});
  graph.add_output("y", g.op("matmul", {x, g.constant(ramp({16, 8}))}));
  EXPECT_EQ(segments_in(graph, {32, 16}), 0);
}

TEST(Segments, values_that_are_read_after_a_segment_survive_it) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, kSize, kSize, 4});
  const Value a = g.op("conv", {x, g.constant(ramp({3, 3, 4, 16}, 0, 0.01F))}, same());
  const Value b = g.op("conv", {a, g.constant(ramp({3, 3, 16, 16}, 0, 0.01F))}, same());
  const Value mean = g.op("reduce_mean", {b}, {{"axes", Ints{0, 1, 2}}, {"keepdims", true}});
  graph.add_output("y", g.op("add", {g.op("sub", {b, mean}), a}));
  graph.add_output("a", a);
  EXPECT_GE(segments_in(graph, {6, kSize, kSize, 4}), 1);
  const Tensor input = ramp({6, kSize, kSize, 4});
  const auto wanted = test::run_graph(graph, {input}, false);
  for (int threads : {1, 2}) {
    const auto got = test::run_graph(graph, {input}, true, threads);
    for (size_t k = 0; k < wanted.size(); ++k) expect_close(got[k], wanted[k]);
  }
}

// Rows that are not alone: nothing may be divided.
TEST(Segments, ops_that_join_rows_are_left_whole) {
  const auto segments_with = [](const std::function<Value(ir::GraphBuilder&, Value)>& op) {
    ir::Graph graph;
    ir::GraphBuilder g(graph);
    const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 200000});
    graph.add_output("y", op(g, x));
    return segments_in(graph, {16, 200000});
  };
  using G = ir::GraphBuilder;
  EXPECT_EQ(segments_with([](G& g, Value x) { return g.op("tanh", {x}); }), 1);
  EXPECT_EQ(segments_with([](G& g, Value x) { return g.op("softmax", {x}, {{"axis", int64_t{0}}}); }), 0);
  EXPECT_EQ(segments_with([](G& g, Value x) { return g.op("cumsum", {x}, {{"axis", int64_t{0}}}); }), 0);
  EXPECT_EQ(segments_with([](G& g, Value x) { return g.op("reduce_max", {x}, {{"axes", Ints{0}}}); }), 0);
  EXPECT_EQ(segments_with([](G& g, Value x) { return g.op("concat", {x, x}, {{"axis", int64_t{-2}}}); }), 0);
  EXPECT_EQ(segments_with([](G& g, Value x) { return g.op("mul", {x, g.constant(ramp({16, 1}))}); }), 0);
  EXPECT_EQ(segments_with([](G& g, Value x) { return g.op("mul", {x, g.constant(ramp({1, 200000}))}); }), 1);
  EXPECT_EQ(segments_with([](G& g, Value x) { return g.reshape(x, {-1, 100000}); }), 0);
}

}  // namespace
}  // namespace cornu::runtime
