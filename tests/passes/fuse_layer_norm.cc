#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_fuse_layer_norm;
namespace {

using ir::Value;
using test::ramp;

struct Written {
  ir::Graph graph;
  ir::GraphBuilder g{graph};
  Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 3, 4});
  Value mean = mean_of(x);
  Value variance = mean_of(g.op("squared_difference", {x, mean}));
  Value gamma = g.constant(ramp({1, 1, 4}));
  Value beta = g.constant(ramp({4}, 2));

  Value mean_of(Value value) {
    return g.op("reduce_mean", {value}, {{"axes", Ints{-1}}, {"keepdims", true}});
  }
  Value root() { return g.op("rsqrt", {g.op("add", {variance, g.scalar(0.001)})}); }
  Value mul(Value a, Value b) { return g.op("mul", {a, b}); }
  Value add(Value a, Value b) { return g.op("add", {a, b}); }
  void expect(Value y, int norms) {
    graph.add_output("y", y);
    const ir::Graph after = test::expect_equal_answers(graph, pass_fuse_layer_norm.run, {ramp({2, 3, 4})});
    EXPECT_EQ(test::count_ops(after, "layer_norm"), norms);
  }
};

TEST(FuseLayerNorm, as_keras_3_writes_it) {
  Written w;
  const Value scale = w.mul(w.root(), w.gamma);
  w.expect(w.add(w.mul(w.x, scale), w.add(w.mul(w.g.op("neg", {w.mean}), scale), w.beta)), 1);
}

TEST(FuseLayerNorm, as_batch_normalization_of_tensorflow_writes_it) {
  Written w;
  const Value scale = w.mul(w.root(), w.gamma);
  w.expect(w.add(w.mul(w.x, scale), w.g.op("sub", {w.beta, w.mul(w.mean, scale)})), 1);
}

TEST(FuseLayerNorm, without_gamma_and_beta) {
  Written w;
  const Value scale = w.root();
  w.expect(w.add(w.mul(w.x, scale), w.g.op("neg", {w.mul(w.mean, scale)})), 1);
}

TEST(FuseLayerNorm, another_mean_another_scale_and_other_axes_stay) {
  Written w;
  const Value scale = w.mul(w.root(), w.gamma);
  const Value other = w.g.op("reduce_mean", {w.x}, {{"axes", Ints{1}}, {"keepdims", true}});
  w.graph.add_output("mean", w.add(w.mul(w.x, scale), w.g.op("sub", {w.beta, w.mul(other, scale)})));
  w.graph.add_output("scale", w.add(w.mul(w.x, scale), w.g.op("sub", {w.beta, w.mul(w.mean, w.root())})));
  w.variance = w.g.op("reduce_mean", {w.g.op("squared_difference", {w.x, w.mean})},
                      {{"axes", Ints{1}}, {"keepdims", true}});
  const Value wrong = w.root();
  w.expect(w.add(w.mul(w.x, wrong), w.g.op("sub", {w.beta, w.mul(w.mean, wrong)})), 0);
}

}  // namespace
}  // namespace cornu::passes
