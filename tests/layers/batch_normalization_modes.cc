// Modes 1 and 2 of Keras 1's BatchNormalization, which no Keras of today can make goldens of: by their formulas.
#include <gtest/gtest.h>

#include <cmath>

#include "support/expect_error.h"
#include "support/layer_run.h"

namespace cornu {
namespace {

std::vector<double> normalized(const std::string& mode) {
  return test::run_layer(
      R"({"class_name": "BatchNormalization", "config": {"name": "bn", "epsilon": 0.5, "mode": )" + mode +
          "}}",
      {test::floats({1, 3, 2, 8}, {2, 2})},
      {{"gamma", test::floats({2, 3}, {2})},
       {"beta", test::floats({1, -1}, {2})},
       {"moving_mean", test::floats({7, 7}, {2})},
       {"moving_variance", test::floats({9, 9}, {2})}})[0];
}

TEST(BatchNormalization, mode_1_normalizes_every_sample_by_itself) {
  const double first = std::sqrt(1 + 0.5) + 0.5, second = std::sqrt(9 + 0.5) + 0.5;
  const std::vector<double> y = normalized("1");
  EXPECT_NEAR(y[0], 2 * -1 / first + 1, 1e-6);
  EXPECT_NEAR(y[1], 3 * 1 / first - 1, 1e-6);
  EXPECT_NEAR(y[2], 2 * -3 / second + 1, 1e-6);
  EXPECT_NEAR(y[3], 3 * 3 / second - 1, 1e-6);
}

TEST(BatchNormalization, mode_2_normalizes_by_the_batch_at_hand) {
  const double left = std::sqrt(0.25 + 0.5), right = std::sqrt(6.25 + 0.5);
  const std::vector<double> y = normalized("2");
  EXPECT_NEAR(y[0], 2 * -0.5 / left + 1, 1e-6);
  EXPECT_NEAR(y[1], 3 * -2.5 / right - 1, 1e-6);
  EXPECT_NEAR(y[2], 2 * 0.5 / left + 1, 1e-6);
  EXPECT_NEAR(y[3], 3 * 2.5 / right - 1, 1e-6);
}

TEST(BatchNormalization, mode_3_is_refused) {
  test::expect_error(
      ErrorCode::bad_config, [] { normalized("3"); }, "mode");
}

}  // namespace
}  // namespace cornu
