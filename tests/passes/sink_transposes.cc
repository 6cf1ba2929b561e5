#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_sink_transposes;
extern const PassDef pass_dead_code;
namespace {

using ir::Value;
using test::ramp;

const Ints kToLast = {0, 2, 3, 1};
const Ints kToFirst = {0, 3, 1, 2};

void sink(ir::Graph& graph) {
  pass_sink_transposes.run(graph);
  pass_dead_code.run(graph);
}

TEST(SinkTransposes, only_the_edges_of_a_channels_first_model_keep_theirs) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 3, 4, 4});
  const auto conv = [&](Value from, int64_t in) {
    const Value y =
        g.op("conv", {g.transpose(from, kToLast), g.constant(ramp({1, 1, in, 2}))},
             {{"strides", Ints{1, 1}}, {"dilations", Ints{1, 1}}, {"auto_pad", std::string("valid")}});
    return g.transpose(y, kToFirst);
  };
  // Batch normalisation along axis 1, an activation, a second convolution.
  Value y = g.op("mul", {conv(x, 3), g.constant(ramp({1, 2, 1, 1}))});
  y = g.op("relu", {g.op("add", {y, g.constant(ramp({2, 1, 1}))})});
  graph.add_output("y", conv(y, 2));
  const ir::Graph after = test::expect_equal_answers(graph, sink, {ramp({2, 3, 4, 4})});
  EXPECT_EQ(test::count_ops(after, "transpose"), 2);
}

TEST(SinkTransposes, concat_and_pad_follow_their_axes) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 2, 3, 4});
  const Value a = g.transpose(x, kToFirst);
  const Value b = g.transpose(g.op("relu", {x}), kToFirst);
  const Value joined = g.op("concat", {a, b}, {{"axis", int64_t{1}}});
  const Value padded =
      g.op("pad", {joined}, {{"padding", Ints{0, 0, 0, 0, 1, 2, 3, 0}}, {"mode", std::string("constant")}});
  graph.add_output("y", g.transpose(padded, kToLast));
  const ir::Graph after = test::expect_equal_answers(graph, sink, {ramp({2, 2, 3, 4})});
  EXPECT_EQ(test::count_ops(after, "transpose"), 0);
}

TEST(SinkTransposes, operands_of_different_permutations_stay) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 3, 3, 3});
  graph.add_output("y", g.op("add", {g.transpose(x, kToFirst), g.transpose(x, kToLast)}));
  EXPECT_EQ(test::count_ops(test::expect_equal_answers(graph, sink, {ramp({2, 3, 3, 3})}), "transpose"), 2);
}

}  // namespace
}  // namespace cornu::passes
