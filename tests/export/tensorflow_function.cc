#include "export/tensorflow_function.h"

#include <gtest/gtest.h>

#include "formats/model_file.h"
#include "support/expect_error.h"

namespace cornu::exporting {
namespace {

std::string config_of(const std::string& layers) {
  return R"({"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [
    {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4, 2], "dtype": "float32", "name": "x"}},)" +
         layers + "]}}";
}

TEST(TensorflowFunction, a_model_has_one_resource_for_each_weight_in_the_order_of_the_layers) {
  const auto model = import::import_config(
      config_of(R"({"module": "keras.layers", "class_name": "LSTM", "config": {"name": "r", "units": 3}},
                   {"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 1, "trainable": false}})"),
      {});
  const TfModel written = tensorflow_model(model, model.graph);
  ASSERT_EQ(written.variables.size(), 5U);
  EXPECT_EQ(written.variables[3].name, "d/kernel");
  EXPECT_TRUE(written.variables[0].trainable);
  EXPECT_FALSE(written.variables[3].trainable);
  EXPECT_EQ(written.library.size(), 2U);  // condition and body of the loop
  EXPECT_NE(written.function.serialized().find("StatelessWhile"), std::string::npos);
}

TEST(TensorflowFunction, ops_that_tensorflow_lacks_are_listed_with_counts) {
  import::KerasModel model = import::import_config(
      config_of(R"({"module": "keras.layers", "class_name": "ReLU", "config": {"name": "a"}})"), {});
  ir::Graph& graph = model.graph;
  const ir::Value x =
      graph.add_node(*ir::find_op("expand_dims"), {graph.inputs()[0].value}, {{"axes", Ints{3}}})[0];
  for (int i = 0; i < 2; ++i)  // made by passes only, which come later
    graph.add_node(*ir::find_op("attention"), {x, x, x}, {{"low", -1e9}});
  test::expect_error(
      ErrorCode::unsupported, [&] { tensorflow_model(model, graph); }, "attention (2)");
}

}  // namespace
}  // namespace cornu::exporting
