#include <gtest/gtest.h>

#include "kernels/conv_reference.h"

namespace cornu::kernels {

extern const KernelDef kernel_depthwise;

namespace {

TEST(depthwise_kernel, agrees_with_plain_loops_for_every_known_window_and_width) {
  for (int64_t window : {3, 5}) {
    for (int64_t stride : {1, 2}) {
      for (int64_t width : {1, 2, 4, 5, 7, 8, 9, 13, 17, 33}) {
        for (int64_t channels : {16, 17, 33, 64}) {
          const ConvCase c = {.in = {6, width},
                              .window = {window, window},
                              .channels = channels,
                              .out_channels = channels,
                              .strides = {stride, stride},
                              .dilations = {1, 1},
                              .groups = channels,
                              .epilogue = "scale shift",
                              .activation = "relu"};
          check_conv(kernel_depthwise, c, {.threads = 1, .offset_bytes = width % 4}, std::to_string(width));
        }
      }
    }
  }
}

TEST(depthwise_kernel, agrees_with_plain_loops_for_random_windows_paddings_and_threads) {
  Choices pick(5);
  for (int i = 0; i < 200; i++) {
    ConvCase c;
    c.channels = c.out_channels = c.groups = pick({16, 17, 24, 32, 40, 65});
    c.batch = pick({1, 1, 2, 3});
    c.pad = pick.text({"same", "valid", "explicit"});
    const auto axes = static_cast<size_t>(pick({1, 2, 2, 3}));
    for (size_t axis = 0; axis < axes; axis++) {
      c.window.push_back(axes == 3 ? pick({1, 2, 3}) : pick({1, 2, 3, 3, 5, 7}));
      c.strides.push_back(pick({1, 1, 2, 3}));
      c.dilations.push_back(pick({1, 1, 2}));
      c.padding.push_back(pick({0, 1, 2, 4}));
      c.padding.push_back(pick({0, 1, 3}));
      c.in.push_back((c.window.back() - 1) * c.dilations.back() + pick({1, 2, 5, 9}));
    }
    c.epilogue = pick.text({"", "shift", "scale shift", "residual", "residual shift scale"});
    c.activation = pick.text({"", "relu", "clip", "silu", "hard_silu"});
    const Placement placement = {static_cast<int>(pick({1, 2, 3})), pick({0, 1, 2, 3, 4})};
    check_conv(kernel_depthwise, c, placement, "case " + std::to_string(i));
  }
}

TEST(depthwise_kernel, refusals_say_why) {
  const TensorType x = {DType::float32, {1, 5, 5, 4}};
  const TensorType y = {DType::float32, {1, 3, 3, 8}};
  EXPECT_EQ(refusal_of(kernel_depthwise, {x, {DType::float32, {3, 3, 1, 8}}}, y, {{"groups", int64_t{4}}}),
            "there are 4 groups of 4 channels in 8, not one of each");
}

}  // namespace
}  // namespace cornu::kernels
