#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/layer_run.h"

namespace cornu {
namespace {

std::string layer(const std::string& rest) {
  return R"({"class_name": "Equalization", "config": {"name": "images")" + rest + "}}";
}

TEST(Equalization, predicting_changes_nothing) {
  const auto out = test::run_layer(layer(R"(, "bins": 256, "value_range": [0, 255])"),
                                   {test::floats({1, 2, 3, 4}, {1, 2, 2, 1})}, {}, 3);
  EXPECT_EQ(out, (std::vector<std::vector<double>>{{1, 2, 3, 4}}));
}

TEST(Equalization, unknown_settings_are_refused) {
  test::expect_error(
      ErrorCode::bad_config,
      [] {
        test::run_layer(layer(R"(, "no_such_key": 1)"), {test::floats({1}, {1, 1, 1, 1})}, {}, 3);
      },
      "no_such_key");
}

}  // namespace
}  // namespace cornu
