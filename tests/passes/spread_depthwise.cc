#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_spread_depthwise;
namespace {

using ir::Value;
using test::ramp;

int64_t repeats_for(int64_t channels, int64_t groups, int64_t out_channels) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 5, 6, channels});
  graph.add_output("y", g.op("conv", {x, g.constant(ramp({3, 3, channels / groups, out_channels}))},
                             {{"groups", groups}}));
  return test::count_ops(
      test::expect_equal_answers(graph, pass_spread_depthwise.run, {ramp({2, 5, 6, channels})}), "repeat");
}

TEST(SpreadDepthwise, several_output_channels_of_each_input_channel_get_one_each) {
  EXPECT_EQ(repeats_for(3, 3, 6), 1);
  EXPECT_EQ(repeats_for(2, 2, 6), 1);
}

TEST(SpreadDepthwise, other_convolutions_stay) {
  EXPECT_EQ(repeats_for(3, 3, 3), 0);
  EXPECT_EQ(repeats_for(4, 2, 6), 0);
  EXPECT_EQ(repeats_for(1, 1, 6), 0);
}

}  // namespace
}  // namespace cornu::passes
