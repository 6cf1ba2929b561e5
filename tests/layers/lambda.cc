#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/layer_run.h"

namespace cornu {
namespace {

TEST(Lambda, code_of_a_file_is_refused_by_the_name_of_the_layer) {
  const std::string lambda =
      R"({"class_name": "Lambda", "config": {"name": "scale", "function": ["4wEAAAA=", null, null],
    "function_type": "lambda", "arguments": {}}})";
  test::expect_error(
      ErrorCode::unsupported,
      [&] {
        test::run_layer(lambda, {test::floats({1}, {1, 1})});
      },
      "'scale'");
}

TEST(Lambda, a_function_by_name_is_refused_too) {
  const std::string lambda =
      R"({"class_name": "Lambda", "config": {"name": "run", "function": "os.system", "function_type": "function"}})";
  test::expect_error(
      ErrorCode::unsupported,
      [&] {
        test::run_layer(lambda, {test::floats({1}, {1, 1})});
      },
      "'run'");
}

TEST(Lambda, a_function_of_keras_by_module_and_name_is_computed) {
  const std::string lambda =
      R"({"class_name": "Lambda", "config": {"name": "total", "arguments": {"axis": 1}, "function":
    {"class_name": "function", "module": "keras.src.ops.numpy", "config": "sum", "registered_name": "function"}}})";
  EXPECT_EQ(test::run_layer(lambda, {test::floats({1, 2, 3}, {1, 3})}, {}, 3)[0], (std::vector<double>{6}));
}

TEST(Lambda, a_function_that_keras_2_names_with_its_module_is_computed) {
  const std::string lambda =
      R"({"class_name": "Lambda", "config": {"name": "total", "arguments": {"axis": 1}, "function": "mean",
    "function_type": "function", "module": "keras.backend.tensorflow_backend"}})";
  EXPECT_EQ(test::run_layer(lambda, {test::floats({1, 2, 3}, {1, 3})}, {}, 2)[0], (std::vector<double>{2}));
}

TEST(Lambda, a_function_of_another_module_is_refused) {
  const std::string lambda =
      R"({"class_name": "Lambda", "config": {"name": "total", "arguments": {}, "function":
    {"class_name": "function", "module": "keras_evil.ops", "config": "sum", "registered_name": "function"}}})";
  test::expect_error(
      ErrorCode::unsupported,
      [&] {
        test::run_layer(lambda, {test::floats({1}, {1, 1})});
      },
      "'total'");
}

}  // namespace
}  // namespace cornu
