#include "import/tensorflow_model.h"

#include <gtest/gtest.h>

#include "support/make_graph.h"

namespace cornu::import {
namespace {

using test::graph_node;

formats::ModelFile file_of(const std::string& bytes) {
  formats::ModelFile file;
  file.graph = {std::as_bytes(std::span(bytes)), nullptr, false};
  return file;
}

// y = -x and z = |c|, with c a constant.
std::string two_ends() {
  return test::make_graph({graph_node("x", "Placeholder", {}, {{"dtype", test::type_attr(1)}}),
                           graph_node("y", "Neg", {"x"}),
                           graph_node("c", "Const", {}, {{"value", test::tensor_attr(1, {1}, "1234")}}),
                           graph_node("z", "Abs", {"c"})});
}

TEST(import_graph_def, takes_the_ends_of_the_graph_when_no_outputs_are_given) {
  const std::string bytes = two_ends();
  const TensorflowModel model = import_graph_def(file_of(bytes), "graph", {});
  ASSERT_EQ(model.outputs.size(), 2U);
  EXPECT_EQ(model.outputs[0].name, "y");
  EXPECT_EQ(model.outputs[1].name, "z");
  ASSERT_EQ(model.inputs.size(), 1U);
  EXPECT_EQ(model.inputs[0].name, "x");
  EXPECT_FALSE(model.inputs[0].shape.has_value());
}

TEST(import_graph_def, only_asks_for_the_placeholders_that_the_outputs_need) {
  const std::string bytes = two_ends();
  EXPECT_TRUE(import_graph_def(file_of(bytes), "graph", {{"z"}, {}}).inputs.empty());
}

TEST(import_graph_def, feeds_a_constant_that_is_named) {
  const std::string bytes = two_ends();
  const TensorflowModel model = import_graph_def(file_of(bytes), "graph", {{"z"}, {"c", "not there"}});
  ASSERT_EQ(model.inputs.size(), 1U);
  EXPECT_EQ(model.inputs[0].name, "c");
  EXPECT_EQ(model.inputs[0].dtype, DType::float32);
}

TEST(import_graph_def, an_output_that_is_not_there_is_not_found) {
  const std::string bytes = two_ends();
  try {
    import_graph_def(file_of(bytes), "graph", {{"w"}, {}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
  }
}

}  // namespace
}  // namespace cornu::import
