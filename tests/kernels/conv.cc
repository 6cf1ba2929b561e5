#include <gtest/gtest.h>

#include "kernels/conv_reference.h"

namespace cornu::kernels {

extern const KernelDef kernel_conv;

namespace {

TEST(conv_kernel, agrees_with_plain_loops_for_every_count_of_channels) {
  for (int64_t channels : {1, 3, 7, 16, 17, 33, 64, 67}) {
    for (int64_t out_channels : {1, 3, 7, 16, 17, 33, 64, 130}) {
      const ConvCase c = {.in = {9, 11},
                          .window = {3, 3},
                          .channels = channels,
                          .out_channels = out_channels,
                          .strides = {1, 1},
                          .dilations = {1, 1},
                          .epilogue = "shift",
                          .activation = "relu"};
      check_conv(kernel_conv, c, {.threads = 1, .offset_bytes = channels % 4},
                 std::to_string(channels) + " to " + std::to_string(out_channels));
    }
  }
}

TEST(conv_kernel, agrees_with_plain_loops_for_random_windows_paddings_and_threads) {
  Choices pick(20);
  for (int i = 0; i < 250; i++) {
    ConvCase c;
    c.groups = pick({1, 1, 1, 2, 3});
    c.channels = c.groups * pick({1, 3, 7, 16, 17, 64, 65});
    c.out_channels = c.groups * pick({1, 3, 7, 16, 17, 33, 64});
    c.batch = pick({1, 1, 2, 3});
    c.pad = pick.text({"same", "valid", "explicit"});
    const auto axes = static_cast<size_t>(pick({1, 2, 2, 2, 3}));
    for (size_t axis = 0; axis < axes; axis++) {
      c.window.push_back(pick({1, 2, 3, 3, 5}));
      c.strides.push_back(pick({1, 1, 2, 3}));
      c.dilations.push_back(pick({1, 1, 2}));
      c.padding.push_back(pick({0, 1, 2, 4}));
      c.padding.push_back(pick({0, 1, 3}));
      c.in.push_back((c.window.back() - 1) * c.dilations.back() + pick({1, 2, 5, 7}));
    }
    c.epilogue =
        pick.text({"", "shift", "scale shift", "residual", "shift residual", "residual shift scale"});
    c.activation = pick.text({"", "relu", "clip", "silu", "tanh"});
    const Placement placement = {static_cast<int>(pick({1, 2, 3})), pick({0, 1, 2, 3, 4})};
    check_conv(kernel_conv, c, placement, "case " + std::to_string(i));
  }
}

TEST(conv_kernel, pointwise_layers_of_more_weights_than_the_cache_keeps_agree) {
  const ConvCase c = {.in = {7, 7},
                      .window = {1, 1},
                      .channels = 400,
                      .out_channels = 333,
                      .strides = {1, 1},
                      .dilations = {1, 1},
                      .epilogue = "scale shift residual",
                      .activation = "relu"};
  for (int threads : {1, 2, 3})
    check_conv(kernel_conv, c, {threads, 2}, std::to_string(threads) + " threads");
}

TEST(conv_kernel, clipped_layers_of_many_channels_agree) {
  const ConvCase c = {.in = {14, 14},
                      .window = {3, 3},
                      .channels = 401,
                      .out_channels = 97,
                      .strides = {2, 1},
                      .dilations = {1, 1},
                      .epilogue = "shift"};
  for (int threads : {1, 3}) check_conv(kernel_conv, c, {threads, 1}, std::to_string(threads) + " threads");
}

TEST(conv_kernel, long_sequences_are_split_along_their_length) {
  const ConvCase c = {.in = {3001},
                      .window = {5},
                      .channels = 5,
                      .out_channels = 20,
                      .strides = {1},
                      .dilations = {3},
                      .activation = "gelu"};
  for (int threads : {1, 3}) check_conv(kernel_conv, c, {threads, 3}, std::to_string(threads) + " threads");
}

TEST(conv_kernel, number_of_jobs_does_not_change_a_bit) {
  std::mt19937 generator(1);
  const std::vector<Array> inputs = {Array::random({2, 20, 20, 70}, generator),
                                     Array::random({3, 3, 70, 50}, generator)};
  const Attrs attrs = {{"strides", Ints{1, 1}}, {"auto_pad", "same"}};
  const auto one = run_kernel(kernel_conv, inputs, {2, 20, 20, 50}, attrs, {1, 0});
  EXPECT_EQ(one, run_kernel(kernel_conv, inputs, {2, 20, 20, 50}, attrs, {3, 0}));
}

TEST(conv_kernel, nan_and_infinity_pass) {
  const Array x = {{1, 1, 3, 1}, {NAN, INFINITY, -INFINITY}};
  const Array w = {{1, 1, 1, 2}, {1, -1}};
  const auto y = run_kernel(kernel_conv, {x, w}, {1, 1, 3, 2}, {{"activation", "relu"}});
  EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1]));
  EXPECT_EQ(std::vector<float>(y.begin() + 2, y.end()), (std::vector<float>{INFINITY, 0, 0, INFINITY}));
}

TEST(conv_kernel, refusals_say_why) {
  const TensorType x = {DType::float32, {1, 5, 5, 4}};
  const TensorType w = {DType::float32, {3, 3, 4, 8}};
  const TensorType y = {DType::float32, {1, 3, 3, 8}};
  EXPECT_EQ(refusal_of(kernel_conv, {x, w}, y, {}), "");
  EXPECT_EQ(refusal_of(kernel_conv, {{DType::float16, x.shape}, w}, y, {}),
            "input 0 is float16, only float32 is handled");
  EXPECT_EQ(refusal_of(kernel_conv, {{DType::float32, {0, 5, 5, 4}}, w}, y, {}),
            "input 0 has shape (0, 5, 5, 4), at least one element is needed");
  EXPECT_EQ(refusal_of(kernel_conv, {x, w}, y, {{"groups", int64_t{2}}}),
            "the channels of x and w do not fit the groups");
  EXPECT_EQ(refusal_of(kernel_conv, {x, w}, {DType::float32, {1, 5, 5, 8}}, {}),
            "y (1, 5, 5, 8) does not fit the window");
}

}  // namespace
}  // namespace cornu::kernels
