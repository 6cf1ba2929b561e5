// The fast kernel against the reference op.
#include <gtest/gtest.h>

#include "support/graph_run.h"

namespace cornu::kernels {
namespace {

struct Case {
  Shape x;
  Ints kernel;
  int64_t filters;
  Attrs attrs;
};

std::vector<Case> cases() {
  const auto with = [](Ints strides, const char* pad, int64_t groups = 1, Ints dilations = {}) {
    Attrs attrs{{"strides", strides}, {"auto_pad", std::string(pad)}, {"groups", groups}};
    if (!dilations.empty()) attrs.set("dilations", dilations);
    return attrs;
  };
  return {
      {{2, 9, 8, 3}, {3, 3}, 5, with({1, 1}, "same")},
      {{3, 28, 28, 1}, {3, 3}, 32, with({1, 1}, "valid")},  // few rows of dw: parts of the pixels
      {{2, 13, 13, 70}, {3, 3}, 33, with({2, 2}, "same")},  // several slices, the last one smaller
      {{2, 14, 14, 130}, {1, 1}, 64, with({2, 2}, "valid")},
      {{2, 401, 16}, {5}, 24, with({1}, "same", 1, {2})},
      {{1, 5, 6, 7, 3}, {2, 3, 2}, 4, with({1, 2, 1}, "same")},
      {{2, 15, 15, 19}, {3, 3}, 19, with({2, 2}, "same", 19)},  // depthwise
      {{2, 9, 9, 5}, {3, 2}, 15, with({1, 1}, "valid", 5)},     // with several filters for each channel
      {{1, 9, 9, 6}, {3, 3}, 4, with({1, 1}, "valid", 2)},      // refused
  };
}

class ConvWeightGradient : public testing::TestWithParam<Case> {};

TEST_P(ConvWeightGradient, equals_the_reference_on_any_number_of_threads) {
  Case c = GetParam();
  c.attrs.set("kernel", c.kernel);
  Shape w;
  for (int64_t size : c.kernel) w.push_back(size);
  w.push_back(c.x.back() / c.attrs.integer("groups", 1));
  w.push_back(c.filters);
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, c.x);
  const Shape y = g.shape(g.op("conv", {x, graph.add_input("w", DType::float32, w)}, c.attrs));
  ir::Graph own;
  ir::GraphBuilder b(own);
  const ir::Value in = own.add_input("x", DType::float32, c.x);
  const ir::Value dy = own.add_input("dy", DType::float32, y);
  own.add_output("dw", b.op("conv_weight_gradient", {in, dy}, c.attrs));
  const std::vector<Tensor> inputs = {test::ramp(c.x), test::ramp(y, 0.5F, 0.125F)};
  const auto wanted = test::run_graph(own, inputs, false)[0];
  double scale = 0;
  for (double value : wanted) scale = std::max(scale, std::abs(value));
  for (int threads : {1, 3}) {
    const auto got = test::run_graph(own, inputs, true, threads)[0];
    ASSERT_EQ(got.size(), wanted.size());
    for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 1e-5 * scale) << "element " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(shapes, ConvWeightGradient, testing::ValuesIn(cases()));

}  // namespace
}  // namespace cornu::kernels
