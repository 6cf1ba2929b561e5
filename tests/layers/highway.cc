#include <gtest/gtest.h>

#include <cmath>

#include "support/layer_run.h"

namespace cornu {
namespace {

TEST(Highway, carries_what_the_gate_does_not_transform) {
  const auto y = test::run_layer(
      R"({"class_name": "Highway", "config": {"name": "h", "activation": "relu", "transform_bias": -2}})",
      {test::floats({2, -1}, {1, 2})},
      {{"W", test::floats({1, 0, 0, 1}, {2, 2})},
       {"W_carry", test::floats({0, 1, 1, 0}, {2, 2})},
       {"b", test::floats({0.5, 0}, {2})},
       {"b_carry", test::floats({0, 1}, {2})}});
  // made = relu(2.5, -1); gate = sigmoid(-1, 3)
  const double gate[] = {1 / (1 + std::exp(1.0)), 1 / (1 + std::exp(-3.0))};
  EXPECT_NEAR(y[0][0], gate[0] * 2.5 + (1 - gate[0]) * 2, 1e-6);
  EXPECT_NEAR(y[0][1], (1 - gate[1]) * -1, 1e-6);
}

}  // namespace
}  // namespace cornu
