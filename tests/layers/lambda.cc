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

}  // namespace
}  // namespace cornu
