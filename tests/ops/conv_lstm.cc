#include "support/op_cases.h"

namespace cornu::test {
namespace {

using Text = std::string;

const Attrs kAttrs{
    {"activation", Text("tanh")}, {"recurrent_activation", Text("sigmoid")}, {"return_sequences", true}};

// With a kernel of one pixel every pixel is an lstm of its own: the numbers of op_lstm.
TEST(op_conv_lstm, a_kernel_of_one_pixel_is_an_lstm) {
  check_op(
      {"conv_lstm",
       kAttrs,
       {floats({0.5, -0.5, 1, 0.25, 1, 0.5, -1, 2}, {1, 2, 1, 4}), floats({0.5, -1, 0.25, 1}, {1, 1, 4})},
       floats({0.2481868671776485, -0.2530885691059009}, {1, 2, 1, 1})});
}

// A kernel whose outer taps are 0 is one of one pixel, whatever lies beside the pixel.
TEST(op_conv_lstm, the_state_keeps_its_size) {
  check_op({"conv_lstm",
            kAttrs,
            {floats({0.5, -0.5, 1, 0.25, 0.5, -0.5, 1, 0.25, 1, 0.5, -1, 2, 1, 0.5, -1, 2}, {1, 2, 2, 4}),
             floats({0, 0, 0, 0, 0.5, -1, 0.25, 1, 0, 0, 0, 0}, {3, 1, 4})},
            floats({0.2481868671776485, 0.2481868671776485, -0.2530885691059009, -0.2530885691059009},
                   {1, 2, 2, 1})});
}

TEST(op_conv_lstm, a_kernel_that_does_not_fit_is_rejected) {
  expect_rejected("conv_lstm", kAttrs, {f32_of({2, 3, 4, 8}), f32_of({3, 3, 8})}, "");
  expect_rejected("conv_lstm", kAttrs, {f32_of({2, 3, 8}), f32_of({2, 8})}, "");
}

}  // namespace
}  // namespace cornu::test
