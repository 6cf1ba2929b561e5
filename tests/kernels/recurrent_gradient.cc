// The fast kernel against the reference op.
#include <gtest/gtest.h>

#include "support/graph_run.h"

namespace cornu::kernels {
namespace {

struct Case {
  int64_t batch, time, units;
  Attrs attrs;
};

class RecurrentGradient : public testing::TestWithParam<Case> {};

TEST_P(RecurrentGradient, equals_the_reference_on_any_number_of_threads) {
  const Case& c = GetParam();
  Attrs attrs = c.attrs;
  attrs.set("cell", std::string("lstm"));
  attrs.set("activation", std::string("tanh"));
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  std::vector<ir::Value> in;
  std::vector<Tensor> tensors;
  const auto add = [&](const Shape& shape, float scale) {
    in.push_back(graph.add_input("x", DType::float32, shape));
    tensors.push_back(test::ramp(shape, 0.25F * scale, 0.2F * scale));
  };
  const Shape state{c.batch, c.units};
  add({c.batch, c.time, 4 * c.units}, 1);
  add({c.units, 4 * c.units}, 0.3F);
  for (int i = 0; attrs.flag("has_state") && i < 2; ++i) add(state, 0.7F);
  if (attrs.flag("has_mask")) {
    std::vector<int64_t> mask;
    for (int64_t i = 0; i < c.batch * c.time; ++i) mask.push_back(i * 7 % 5 != 0);
    in.push_back(graph.add_input("mask", DType::boolean, {c.batch, c.time}));
    tensors.push_back(cast_tensor(tensor_of_ints(mask, {c.batch, c.time}), DType::boolean));
  }
  if (attrs.flag("return_sequences")) {
    add({c.batch, c.time, c.units}, 0.5F);
  } else {
    add(state, 0.5F);
  }
  add(state, 0.4F);
  add(state, 0.6F);
  for (ir::Value value : g.multi_op("recurrent_gradient", in, attrs)) graph.add_output("y", value);
  const auto wanted = test::run_graph(graph, tensors, false);
  for (int threads : {1, 3}) {
    const auto got = test::run_graph(graph, tensors, true, threads);
    for (size_t k = 0; k < wanted.size(); ++k) {
      double scale = 0.05;  // what is computed on the way is of size 1
      for (double value : wanted[k]) scale = std::max(scale, std::abs(value));
      for (size_t i = 0; i < wanted[k].size(); ++i)
        ASSERT_NEAR(got[k][i], wanted[k][i], 2e-5 * scale) << "output " << k << ", element " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(shapes, RecurrentGradient,
                         testing::Values(Case{1, 1, 1, {}},
                                         Case{7, 5, 19, {{"return_sequences", true}, {"has_state", true}}},
                                         Case{70, 3, 16, {{"has_mask", true}}},
                                         Case{5,
                                              6,
                                              9,
                                              {{"has_mask", true},
                                               {"return_sequences", true},
                                               {"zero_output", true},
                                               {"go_backwards", true}}}));

}  // namespace
}  // namespace cornu::kernels
