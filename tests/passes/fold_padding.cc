#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_fold_padding;
extern const PassDef pass_dead_code;
namespace {

using ir::Value;
using test::ramp;

void fold(ir::Graph& graph) {
  pass_fold_padding.run(graph);
  pass_dead_code.run(graph);
}

ir::Graph padded_conv(const Ints& padding, const char* auto_pad, double value) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 4, 5, 2});
  const Value padded =
      g.op("pad", {x}, {{"padding", padding}, {"mode", std::string("constant")}, {"value", value}});
  Attrs attrs{{"strides", Ints{2, 1}}, {"dilations", Ints{1, 1}}, {"auto_pad", std::string(auto_pad)}};
  if (std::string_view(auto_pad) == "explicit") attrs.set("padding", Ints{1, 0, 0, 1});
  graph.add_output("y",
                   g.op("conv", {padded, g.constant(ramp({3, 3, padding[6] + padding[7] + 2, 3}))}, attrs));
  return graph;
}

int64_t pads_left(const Ints& padding, const char* auto_pad, double value = 0) {
  return test::count_ops(
      test::expect_equal_answers(padded_conv(padding, auto_pad, value), fold, {ramp({2, 4, 5, 2})}), "pad");
}

TEST(FoldPadding, zeros_before_a_convolution_become_its_own) {
  EXPECT_EQ(pads_left({0, 0, 1, 2, 3, 0, 0, 0}, "valid"), 0);
  EXPECT_EQ(pads_left({0, 0, 1, 2, 3, 0, 0, 0}, "explicit"), 0);
}

TEST(FoldPadding, same_padding_other_values_and_other_axes_stay) {
  EXPECT_EQ(pads_left({0, 0, 1, 2, 3, 0, 0, 0}, "same"), 1);
  EXPECT_EQ(pads_left({0, 0, 1, 2, 3, 0, 0, 0}, "valid", 0.5), 1);
  EXPECT_EQ(pads_left({0, 0, 1, 2, 3, 0, 1, 0}, "valid"), 1);
  EXPECT_EQ(pads_left({1, 0, 1, 2, 3, 0, 0, 0}, "valid"), 1);
}

int64_t pads_left_before_pool(const char* op, const Attrs& attrs, const Ints& padding) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 4, 5, 2});
  const Value centred = g.op("sub", {x, g.scalar_like(30, x)});
  const Value padded =
      g.op("pad", {g.op(op, {centred}, attrs)}, {{"padding", padding}, {"mode", std::string("constant")}});
  graph.add_output(
      "y", g.op("max_pool", {padded},
                {{"window", Ints{3, 2}}, {"strides", Ints{2, 1}}, {"auto_pad", std::string("valid")}}));
  return test::count_ops(test::expect_equal_answers(graph, fold, {ramp({2, 4, 5, 2})}), "pad");
}

TEST(FoldPadding, zeros_before_a_pool_of_what_is_never_negative_are_left_out) {
  EXPECT_EQ(pads_left_before_pool("relu", {}, {0, 0, 1, 2, 1, 0, 0, 0}), 0);
  EXPECT_EQ(pads_left_before_pool("clip", {{"min", 0.0}, {"max", 6.0}}, {0, 0, 1, 1, 1, 1, 0, 0}), 0);
}

TEST(FoldPadding, zeros_that_may_be_the_largest_stay_before_a_pool) {
  EXPECT_EQ(pads_left_before_pool("neg", {}, {0, 0, 1, 2, 1, 0, 0, 0}), 1);
  EXPECT_EQ(pads_left_before_pool("clip", {{"min", -1.0}, {"max", 6.0}}, {0, 0, 1, 1, 1, 1, 0, 0}), 1);
  EXPECT_EQ(pads_left_before_pool("relu", {}, {0, 0, 3, 0, 0, 0, 0, 0}), 1);
}

}  // namespace
}  // namespace cornu::passes
