#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_fuse_attention;
extern const PassDef pass_dead_code;
namespace {

using ir::GraphBuilder;
using ir::Value;
using test::ramp;

// Attention as the layer writes it, with its variations.
struct Net {
  ir::Graph graph;
  GraphBuilder g{graph};
  Value q = graph.add_input("q", DType::float32, {Shape::kUnknown, 3, 2, 4});
  Value k = graph.add_input("k", DType::float32, {Shape::kUnknown, 5, 2, 4});
  Value v = graph.add_input("v", DType::float32, {Shape::kUnknown, 5, 2, 6});

  Value scores() {
    const Ints heads_first{0, 2, 1, 3};
    const Value scaled = g.op("mul", {q, g.scalar(0.5)});
    return g.op("matmul", {g.transpose(scaled, heads_first), g.transpose(k, heads_first)},
                {{"transpose_b", true}});
  }
  void finish(Value weights) {
    const Ints heads_first{0, 2, 1, 3};
    graph.add_output("y", g.transpose(g.op("matmul", {weights, g.transpose(v, heads_first)}), heads_first));
  }
  ir::Graph fused() {
    const ir::Graph after = test::expect_equal_answers(
        graph,
        [](ir::Graph& changed) {
          pass_fuse_attention.run(changed);
          pass_dead_code.run(changed);
        },
        {ramp({2, 3, 2, 4}), ramp({2, 5, 2, 4}, 0.125F), ramp({2, 5, 2, 6}, 0.5F)});
    return after;
  }
};

TEST(FuseAttention, the_steps_become_one_op_that_holds_the_scale) {
  Net net;
  net.finish(net.g.op("softmax", {net.scores()}));
  const ir::Graph after = net.fused();
  ASSERT_EQ(after.nodes().size(), 1U);
  EXPECT_EQ(after.nodes()[0].attrs.number("scale"), 0.5);
}

TEST(FuseAttention, a_mask_and_a_bias_go_along) {
  Net net;
  const Value mask = net.g.constant(tensor_of_ints(
      std::vector<int64_t>{1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1}, {3, 5}, DType::boolean));
  const Value biased = net.g.op("add", {net.g.constant(ramp({2, 1, 5})), net.scores()});
  net.finish(net.g.op("softmax", {net.g.op("select", {mask, biased, net.g.scalar(-1e9)})}));
  const ir::Graph after = net.fused();
  ASSERT_EQ(after.nodes().size(), 1U);
  EXPECT_TRUE(after.nodes()[0].attrs.flag("has_bias"));
  EXPECT_TRUE(after.nodes()[0].attrs.flag("has_condition"));
}

TEST(FuseAttention, the_einsums_of_tensorflow_are_known) {
  Net net;
  const Value scores = net.g.op("einsum", {net.k, net.q}, {{"equation", std::string("aecd,abcd->acbe")}});
  const Value weights = net.g.op("softmax", {scores});
  net.graph.add_output("y",
                       net.g.op("einsum", {weights, net.v}, {{"equation", std::string("acbe,aecd->abcd")}}));
  EXPECT_EQ(net.fused().nodes().size(), 1U);
}

TEST(FuseAttention, weights_that_are_an_output_too_stay) {
  Net net;
  const Value weights = net.g.op("softmax", {net.scores()});
  net.finish(weights);
  net.graph.add_output("weights", weights);
  EXPECT_EQ(test::count_ops(net.fused(), "attention"), 0);
}

TEST(FuseAttention, another_order_of_axes_stays) {
  Net net;
  const Value scores = net.g.op("einsum", {net.k, net.q}, {{"equation", std::string("aecd,abcd->aceb")}});
  net.graph.add_output("y", net.g.op("softmax", {scores}));
  EXPECT_EQ(test::count_ops(net.fused(), "attention"), 0);
}

}  // namespace
}  // namespace cornu::passes
