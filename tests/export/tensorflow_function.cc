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
  const TfModel written = tensorflow_model(model);
  ASSERT_EQ(written.variables.size(), 5U);
  EXPECT_EQ(written.variables[3].name, "d/kernel");
  EXPECT_TRUE(written.variables[0].trainable);
  EXPECT_FALSE(written.variables[3].trainable);
  EXPECT_EQ(written.library.size(), 2U);  // condition and body of the loop
  EXPECT_NE(written.function.serialized().find("StatelessWhile"), std::string::npos);
}

TEST(TensorflowFunction, ops_that_tensorflow_lacks_are_listed_with_counts) {
  const auto model = import::import_config(
      config_of(
          R"({"module": "keras.layers", "class_name": "Activation", "config": {"name": "a", "activation": "sparsemax"}},
                   {"module": "keras.layers", "class_name": "Activation", "config": {"name": "b", "activation": "sparsemax"}})"),
      {});
  test::expect_error(
      ErrorCode::unsupported, [&] { tensorflow_model(model); }, "sparsemax (2)");
}

}  // namespace
}  // namespace cornu::exporting
