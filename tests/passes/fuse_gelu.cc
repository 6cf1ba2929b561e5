#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_fuse_gelu;
namespace {

using ir::Value;
using test::ramp;

struct Written {
  ir::Graph graph;
  ir::GraphBuilder g{graph};
  Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, 4});

  Value mul(Value a, Value b) { return g.op("mul", {a, b}); }
  void expect(Value y, int gelus) {
    graph.add_output("y", y);
    const ir::Graph after = test::expect_equal_answers(graph, pass_fuse_gelu.run, {ramp({3, 4})});
    EXPECT_EQ(test::count_ops(after, "gelu"), gelus);
  }
};

TEST(FuseGelu, the_form_with_erfc) {
  Written w;
  const Value inner = w.mul(w.g.op("neg", {w.x}), w.g.scalar(0.70710678));
  w.expect(w.mul(w.mul(w.g.scalar(0.5), w.x), w.g.op("erfc", {inner})), 1);
}

TEST(FuseGelu, the_form_with_erf) {
  Written w;
  const Value gate =
      w.g.op("add", {w.g.scalar(1), w.g.op("erf", {w.g.op("div", {w.x, w.g.scalar(1.41421356)})})});
  w.expect(w.mul(w.mul(w.x, gate), w.g.scalar(0.5)), 1);
}

TEST(FuseGelu, the_form_with_tanh) {
  Written w;
  const Value cube = w.mul(w.g.op("pow", {w.x, w.g.scalar(3)}), w.g.scalar(0.044715));
  const Value inner = w.mul(w.g.op("add", {w.x, cube}), w.g.scalar(0.7978845608));
  const Value gate = w.g.op("add", {w.g.op("tanh", {inner}), w.g.scalar(1)});
  w.expect(w.mul(w.mul(w.g.scalar(0.5), w.x), gate), 1);
}

TEST(FuseGelu, other_constants_and_other_values_stay) {
  Written w;
  const Value other = w.graph.add_input("other", DType::float32, {1, 4});
  const auto gate = [&](Value of, double scale) { return w.g.op("erfc", {w.mul(of, w.g.scalar(scale))}); };
  const Value half = w.mul(w.g.scalar(0.5), w.x);
  w.graph.add_output("scale", w.mul(half, gate(w.x, -0.7)));
  w.graph.add_output("x", w.mul(half, gate(other, -0.70710678)));
  w.graph.add_output("y", w.mul(w.x, gate(w.x, -0.70710678)));
  const ir::Graph after =
      test::expect_equal_answers(w.graph, pass_fuse_gelu.run, {ramp({3, 4}), ramp({1, 4}, 2)});
  EXPECT_EQ(test::count_ops(after, "gelu"), 0);
}

}  // namespace
}  // namespace cornu::passes
