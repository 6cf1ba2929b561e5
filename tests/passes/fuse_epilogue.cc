#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_fuse_epilogue;
namespace {

using ir::GraphBuilder;
using ir::Value;
using test::ramp;

struct Net {
  ir::Graph graph;
  GraphBuilder g{graph};
  Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 5, 5, 3});

  Value conv(Value from, int64_t in = 3, int64_t out = 4) {
    return g.op("conv", {from, g.constant(ramp({3, 3, in, out}))},
                {{"strides", Ints{1, 1}}, {"dilations", Ints{1, 1}}, {"auto_pad", std::string("same")}});
  }
  Value vector(int64_t size = 4, float start = 0.5F) { return g.constant(ramp({size}, start)); }
  ir::Graph fused() {
    return test::expect_equal_answers(graph, pass_fuse_epilogue.run, {ramp({2, 5, 5, 3})});
  }
};

TEST(FuseEpilogue, bias_batch_normalisation_and_relu_become_one_node) {
  Net net;
  Value y = net.g.op("add", {net.conv(net.x), net.vector()});
  y = net.g.op("mul", {y, net.vector(4, 1.5F)});
  y = net.g.op("sub", {y, net.vector(4, 0.1F)});
  net.graph.add_output("y", net.g.op("relu", {y}));
  const ir::Graph after = net.fused();
  ASSERT_EQ(after.nodes().size(), 1U);
  EXPECT_EQ(after.nodes()[0].attrs.text("epilogue"), "scale shift");
  EXPECT_EQ(after.nodes()[0].attrs.text("activation"), "relu");
}

TEST(FuseEpilogue, a_bias_that_is_an_input_fuses_like_one_that_is_known) {
  Net net;
  const Value bias = net.graph.add_input("bias", DType::float32, {4});
  net.graph.add_output("y", net.g.op("relu", {net.g.op("add", {net.conv(net.x), bias})}));
  const ir::Graph after =
      test::expect_equal_answers(net.graph, pass_fuse_epilogue.run, {ramp({2, 5, 5, 3}), ramp({4})});
  ASSERT_EQ(after.nodes().size(), 1U);
  EXPECT_EQ(after.nodes()[0].attrs.text("epilogue"), "shift");
}

TEST(FuseEpilogue, what_follows_such_a_bias_as_a_factor_stays) {
  Net net;
  const Value bias = net.graph.add_input("bias", DType::float32, {4});
  net.graph.add_output("y", net.g.op("mul", {net.g.op("add", {bias, net.conv(net.x)}), net.vector()}));
  const ir::Graph after =
      test::expect_equal_answers(net.graph, pass_fuse_epilogue.run, {ramp({2, 5, 5, 3}), ramp({4})});
  EXPECT_EQ(after.nodes().size(), 2U);
}

TEST(FuseEpilogue, a_residual_joins_the_later_branch_and_the_activation_follows) {
  Net net;
  const Value shortcut = net.conv(net.x);
  const Value main = net.g.op("add", {net.conv(shortcut, 4), net.vector()});
  net.graph.add_output("y", net.g.op("relu", {net.g.op("add", {main, shortcut})}));
  const ir::Graph after = net.fused();
  ASSERT_EQ(after.nodes().size(), 2U);
  EXPECT_EQ(after.nodes()[1].attrs.text("epilogue"), "shift residual");
}

TEST(FuseEpilogue, two_convolutions_that_are_added_fuse_once) {
  Net net;
  const Value a = net.g.op("add", {net.conv(net.x), net.vector()});
  const Value b = net.g.op("add", {net.conv(net.x), net.vector(4, 0.9F)});
  net.graph.add_output("y", net.g.op("add", {a, b}));
  EXPECT_EQ(net.fused().nodes().size(), 2U);
}

TEST(FuseEpilogue, a_value_that_others_read_stays) {
  Net net;
  const Value y = net.conv(net.x);
  net.graph.add_output("y", net.g.op("relu", {y}));
  net.graph.add_output("raw", y);
  EXPECT_EQ(net.fused().nodes().size(), 2U);
}

TEST(FuseEpilogue, what_varies_along_another_axis_stays) {
  Net net;
  net.graph.add_output("y", net.g.op("mul", {net.conv(net.x), net.g.constant(ramp({5, 1}))}));
  EXPECT_EQ(test::count_ops(net.fused(), "mul"), 1);
}

TEST(FuseEpilogue, a_scalar_counts_for_all_channels) {
  Net net;
  net.graph.add_output("y", net.g.op("mul", {net.conv(net.x), net.g.scalar(0.5)}));
  EXPECT_EQ(net.fused().nodes().size(), 1U);
}

TEST(FuseEpilogue, a_constant_minus_the_product_stays) {
  Net net;
  net.graph.add_output("y", net.g.op("sub", {net.vector(), net.conv(net.x)}));
  EXPECT_EQ(test::count_ops(net.fused(), "sub"), 1);
}

TEST(FuseEpilogue, the_product_of_a_value_with_itself_stays) {
  Net net;
  const Value y = net.conv(net.x);
  net.graph.add_output("y", net.g.op("add", {y, y}));
  EXPECT_EQ(net.fused().nodes().size(), 2U);
}

TEST(FuseEpilogue, a_residual_of_unknown_image_size_stays) {
  ir::Graph graph;
  GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, Shape::kUnknown, 5, 3});
  const Value z = graph.add_input("z", DType::float32, {Shape::kUnknown, Shape::kUnknown, 5, 4});
  const Value y =
      g.op("conv", {x, g.constant(ramp({1, 1, 3, 4}))},
           {{"strides", Ints{1, 1}}, {"dilations", Ints{1, 1}}, {"auto_pad", std::string("valid")}});
  graph.add_output("y", g.op("add", {y, z}));
  // At run time z turns out to be broadcast.
  EXPECT_EQ(
      test::expect_equal_answers(graph, pass_fuse_epilogue.run, {ramp({2, 3, 5, 3}), ramp({2, 1, 5, 4})})
          .nodes()
          .size(),
      2U);
}

}  // namespace
}  // namespace cornu::passes
