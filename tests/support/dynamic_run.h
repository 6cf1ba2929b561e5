// Runs graphs on the dynamic executor in tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "dynamic/dynamic_op.h"
#include "runtime/program.h"

namespace cornu::test {

inline std::vector<Tensor> run_dynamic(const ir::Graph& graph, std::vector<Tensor> inputs,
                                       std::shared_ptr<dynamic::State> state = nullptr,
                                       const runtime::RunLimits& limits = {}) {
  auto program =
      std::make_shared<runtime::Program>(graph, *devices::find_device("cpu"), true, std::move(state), limits);
  EXPECT_TRUE(program->dynamic());
  return runtime::Session(program, 1).run(inputs);
}

inline ir::Value add(ir::Graph& graph, std::string_view op, std::vector<ir::Value> inputs, Attrs attrs = {}) {
  return graph.add_node(*ir::find_op(op), std::move(inputs), std::move(attrs))[0];
}

// A dynamic op with `outputs` results of which nothing is known.
inline std::vector<ir::Value> add_dynamic(ir::Graph& graph, std::string_view op,
                                          std::vector<ir::Value> inputs, size_t outputs, Attrs attrs = {}) {
  attrs.set("types", dynamic::types_attr(std::vector<dynamic::MaybeType>(outputs)));
  return graph.add_node(*ir::find_op(op), std::move(inputs), std::move(attrs));
}

inline ir::Value object(ir::Graph& graph, ir::Graph body) {
  return graph.add_constant(variant_tensor({std::make_shared<dynamic::GraphObject>(std::move(body))}));
}

}  // namespace cornu::test
