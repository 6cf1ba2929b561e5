#include <gtest/gtest.h>

#include <cmath>

#include "support/expect_error.h"
#include "support/layer_run.h"

namespace cornu {
namespace {

const std::string kCell =
    R"({"class_name": "ConvLSTMCell", "config": {"name": "cell", "rank": 1, "filters": 1, "kernel_size": [1],
        "use_bias": false, "activation": "tanh", "recurrent_activation": "sigmoid"}})";

// One pixel and one step: the numbers of op_lstm.
TEST(ConvLSTMCell, one_step_gives_the_output_and_both_states) {
  const auto out = test::run_layer(
      kCell, {test::floats({1}, {1, 1, 1}), test::floats({0}, {1, 1, 1}), test::floats({0}, {1, 1, 1})},
      {{"kernel", test::floats({0.5F, -0.5F, 1, 0.25F}, {1, 1, 4})},
       {"recurrent_kernel", test::floats({0.5F, -1, 0.25F, 1}, {1, 1, 4})}},
      3);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_NEAR(out[0][0], 0.2481868671776485, 1e-6);
  EXPECT_EQ(out[1][0], out[0][0]);
  EXPECT_NEAR(out[2][0], std::tanh(1) / (1 + std::exp(-0.5)), 1e-6);
}

TEST(ConvLSTMCell, one_state_is_too_few) {
  test::expect_error(
      ErrorCode::bad_shape,
      [] {
        test::run_layer(kCell, {test::floats({1}, {1, 1, 1}), test::floats({0}, {1, 1, 1})}, {}, 3);
      },
      "2 initial states");
}

}  // namespace
}  // namespace cornu
