#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_pull_strides;
extern const PassDef pass_dead_code;
namespace {

using ir::Value;
using test::ramp;

void pull(ir::Graph& graph) {
  pass_pull_strides.run(graph);
  pass_dead_code.run(graph);
}

Attrs strided(int64_t stride, const char* auto_pad = "valid") {
  return {{"strides", Ints{stride, stride}}, {"auto_pad", std::string(auto_pad)}};
}

Ints strides_of(const ir::Graph& graph, size_t node) {
  return graph.nodes()[node].attrs.ints("strides", Ints{1, 1});
}

TEST(PullStrides, the_convolution_before_a_strided_1x1_takes_the_strides) {
  for (const char* auto_pad : {"same", "valid"}) {
    for (int64_t stride : {1, 2}) {
      ir::Graph graph;
      ir::GraphBuilder g(graph);
      const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 9, 12, 3});
      const Value y = g.op("conv", {x, g.constant(ramp({3, 2, 3, 4}))}, strided(stride, auto_pad));
      graph.add_output("y", g.op("conv", {y, g.constant(ramp({1, 1, 4, 2}))}, strided(2, "same")));
      const ir::Graph after = test::expect_equal_answers(graph, pull, {ramp({2, 9, 12, 3})});
      EXPECT_EQ(strides_of(after, 0), (Ints{2 * stride, 2 * stride})) << auto_pad;
      EXPECT_EQ(strides_of(after, 1), (Ints{1, 1})) << auto_pad;
    }
  }
}

TEST(PullStrides, same_padding_of_an_unknown_size_is_taken_only_where_it_does_not_depend_on_it) {
  for (int64_t stride : {1, 2}) {
    ir::Graph graph;
    ir::GraphBuilder g(graph);
    const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, Shape::kUnknown, 12, 3});
    const Value y = g.op("conv", {x, g.constant(ramp({3, 3, 3, 4}))}, strided(stride, "same"));
    graph.add_output("y", g.op("conv", {y, g.constant(ramp({1, 1, 4, 2}))}, strided(2)));
    const ir::Graph after = test::expect_equal_answers(graph, pull, {ramp({2, 9, 12, 3})});
    EXPECT_EQ(strides_of(after, 1), stride == 1 ? (Ints{1, 1}) : (Ints{2, 2}));
  }
}

// A block of ResNet50: two convolutions and a residual, read by the next block's convolution and its shortcut.
TEST(PullStrides, strides_go_through_a_residual_block) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 7, 8, 4});
  const Value start = g.op("relu", {x});
  const Value inner = g.op("conv", {start, g.constant(ramp({3, 3, 4, 4}))}, strided(1, "same"));
  Attrs attrs = strided(1);
  attrs.set("epilogue", std::string("shift residual"));
  attrs.set("activation", std::string("relu"));
  const Value sum =
      g.op("conv", {inner, g.constant(ramp({1, 1, 4, 4})), g.constant(ramp({4})), start}, attrs);
  graph.add_output("a", g.op("conv", {sum, g.constant(ramp({1, 1, 4, 3}))}, strided(2)));
  graph.add_output("b", g.op("conv", {sum, g.constant(ramp({1, 1, 4, 5}))}, strided(2, "same")));
  const ir::Graph after = test::expect_equal_answers(graph, pull, {ramp({2, 7, 8, 4})});
  EXPECT_EQ(test::count_ops(after, "max_pool"), 1);
  for (const ir::Node& node : after.nodes()) {
    if (node.op->name != "conv") continue;
    const bool is_3x3 = after.type(node.inputs[1]).shape[0] == 3;
    EXPECT_EQ(node.attrs.ints("strides", Ints{1, 1}), is_3x3 ? (Ints{2, 2}) : (Ints{1, 1}));
  }
}

TEST(PullStrides, elementwise_ops_work_on_sampled_inputs) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 5, 6, 4});
  const Value gate = graph.add_input("gate", DType::float32, {Shape::kUnknown, 1, 1, 4});
  const Value y = g.op("mul", {g.op("tanh", {x}), gate});
  graph.add_output("y", g.op("avg_pool", {y}, {{"window", Ints{1, 1}}, {"strides", Ints{2, 3}}}));
  const ir::Graph after = test::expect_equal_answers(graph, pull, {ramp({2, 5, 6, 4}), ramp({2, 1, 1, 4})});
  EXPECT_EQ(after.nodes()[0].op->name, "max_pool");
  EXPECT_EQ(after.nodes().size(), 3U);
}

TEST(PullStrides, a_value_that_others_read_whole_stays) {
  const auto strides_after = [](bool as_output, const Ints& others) {
    ir::Graph graph;
    ir::GraphBuilder g(graph);
    const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 6, 6, 2});
    const Value y = g.op("conv", {x, g.constant(ramp({3, 3, 2, 2}))}, strided(1, "same"));
    graph.add_output("y", g.op("conv", {y, g.constant(ramp({1, 1, 2, 2}))}, strided(2)));
    if (as_output) graph.add_output("whole", y);
    if (!others.empty()) {
      graph.add_output("other", g.op("conv", {y, g.constant(ramp({1, 1, 2, 2}))}, {{"strides", others}}));
    }
    return strides_of(test::expect_equal_answers(graph, pull, {ramp({1, 6, 6, 2})}), 0);
  };
  EXPECT_EQ(strides_after(false, {}), (Ints{2, 2}));
  EXPECT_EQ(strides_after(true, {}), (Ints{1, 1}));
  EXPECT_EQ(strides_after(false, {1, 1}), (Ints{1, 1}));
  EXPECT_EQ(strides_after(false, {2, 1}), (Ints{1, 1}));
  EXPECT_EQ(strides_after(false, {2, 2}), (Ints{2, 2}));
}

TEST(PullStrides, a_window_of_several_elements_or_padding_samples_nothing) {
  const auto strides_after = [](const Shape& w, const Attrs& attrs) {
    ir::Graph graph;
    ir::GraphBuilder g(graph);
    const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 6, 6, 2});
    const Value y = g.op("conv", {x, g.constant(ramp({3, 3, 2, 2}))}, strided(1, "same"));
    graph.add_output("y", g.op("conv", {y, g.constant(ramp(w))}, attrs));
    return strides_of(test::expect_equal_answers(graph, pull, {ramp({1, 6, 6, 2})}), 0);
  };
  EXPECT_EQ(strides_after({1, 2, 2, 2}, strided(2)), (Ints{1, 1}));
  EXPECT_EQ(strides_after({1, 1, 2, 2}, {{"strides", Ints{2, 2}}, {"padding", Ints{0, 1, 0, 0}}}),
            (Ints{1, 1}));
}

}  // namespace
}  // namespace cornu::passes
