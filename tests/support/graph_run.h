// Runs graphs made in a test, and tells how many nodes of an op they have.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/builder.h"
#include "runtime/program.h"

namespace cornu::test {

// Numbers that differ from each other and from 0 and 1, the same in every run.
inline Tensor ramp(const Shape& shape, float start = 0.25F, float step = 0.375F) {
  std::vector<float> values(static_cast<size_t>(shape.elements()));
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = start + step * static_cast<float>((i * 7) % 11) - 1.5F;
  return tensor_of(values, shape);
}

inline std::vector<std::vector<double>> run_graph(const ir::Graph& graph, const std::vector<Tensor>& inputs,
                                                  bool fast = true, int threads = 1) {
  auto program = std::make_shared<runtime::Program>(graph, *devices::find_device("cpu"), fast);
  runtime::Session session(program, threads);
  std::vector<std::vector<double>> outputs;
  for (const Tensor& output : session.run(inputs)) outputs.push_back(to_doubles(output));
  return outputs;
}

inline int64_t count_ops(const ir::Graph& graph, std::string_view op) {
  return std::count_if(graph.nodes().begin(), graph.nodes().end(),
                       [&](const ir::Node& node) { return node.op->name == op; });
}

// Runs the pass on a copy: the graph stays valid and its answers stay the same (1e-5 of their scale). Returns
// the copy.
inline ir::Graph expect_equal_answers(const ir::Graph& before, void (*pass)(ir::Graph&),
                                      const std::vector<Tensor>& inputs) {
  ir::Graph after = before;
  pass(after);
  ir::verify(after);
  const auto wanted = run_graph(before, inputs, false);
  const auto got = run_graph(after, inputs, false);
  EXPECT_EQ(got.size(), wanted.size());
  for (size_t k = 0; k < std::min(got.size(), wanted.size()); ++k) {
    EXPECT_EQ(got[k].size(), wanted[k].size());
    double scale = 1e-6;
    for (double value : wanted[k]) scale = std::max(scale, std::abs(value));
    for (size_t i = 0; i < std::min(got[k].size(), wanted[k].size()); ++i) {
      EXPECT_NEAR(got[k][i], wanted[k][i], 1e-5 * scale) << "output " << k << ", element " << i;
    }
  }
  return after;
}

}  // namespace cornu::test
