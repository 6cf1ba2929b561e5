#include "export/tensorflow_graph.h"

#include <gtest/gtest.h>

namespace cornu::exporting {
namespace {

TEST(TensorflowGraph, a_node_is_a_node_def) {
  const TfNode node{"n", "Relu", {"x:0"}, {{"T", TfType{1}}}};
  const std::string bytes = node.serialized();
  EXPECT_EQ(bytes, std::string("\x0a\x01n\x12\x04Relu\x1a\x03x:0\x2a\x07\x0a\x01T\x12\x02\x30\x01"));
}

TEST(TensorflowGraph, outputs_are_referred_to_by_the_names_of_tensorflows_definitions) {
  TfFunction f("f");
  const Ref x = f.argument("In Put", {"", 1, {}, 0});
  EXPECT_EQ(x, "in_put");
  EXPECT_EQ(f.add("Relu", {x}), "Relu:activations:0");
  EXPECT_EQ(f.add("Relu", {x}), "Relu_1:activations:0");
  EXPECT_EQ(f.add("Conv2D", {x, x}, {}, "a b"), "a_b/Conv2D:output:0");
  EXPECT_EQ(output_at("While:output:0", 3), "While:output:3");
}

}  // namespace
}  // namespace cornu::exporting
