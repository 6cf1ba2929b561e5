#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_conv_transpose, inverts_the_sizes_of_a_convolution_over_one_axis) {
  check_op({"conv_transpose",
            {{"auto_pad", std::string("valid")}},
            {floats({-0.5, -1.25, -1.5}, {1, 3, 1}), floats({-1, -1.25, -0.0, 1.5, 0.75, -1.25}, {3, 2, 1})},
            floats({0.5, 0.625, 1.25, 0.8125, 1.125, 0.625, -0.9375, -0.6875, -1.125, 1.875}, {1, 5, 2})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("valid")}, {"strides", Ints{2}}},
            {floats({-1.75, -1.75, -0.25, -0.5, 0.75, -1.75}, {1, 3, 2}),
             floats({-1, 0.75, 0.25, 0, 1.5, -1.5}, {3, 1, 2})},
            floats({0.4375, -0.4375, -0.125, -0.0625, -1.6875, 0.1875, 3.75}, {1, 7, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}, {"strides", Ints{2}}},
            {floats({-1.25, 0.25, 0.25}, {1, 3, 1}), floats({2, 2, 0.25}, {3, 1, 1})},
            floats({-2.5, -2.5, 0.1875, 0.5, 0.5625, 0.5}, {1, 6, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("valid")}, {"strides", Ints{4}}},
            {floats({1, 0.75}, {1, 2, 1}), floats({-1.5, 0.5}, {2, 1, 1})},
            floats({-1.5, 0.5, 0, 0, -1.125, 0.375, 0, 0}, {1, 8, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}, {"strides", Ints{4}}},
            {floats({-0.75, -0.5}, {1, 2, 1}), floats({-1.25, -2}, {2, 1, 1})},
            floats({0.9375, 1.5, 0, 0, 0.625, 1, 0, 0}, {1, 8, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("valid")}, {"dilations", Ints{2}}},
            {floats({1.5, 0.75, 1}, {1, 3, 1}), floats({-0.75, -0.25, -1.25}, {3, 1, 1})},
            floats({-1.125, -0.5625, -1.125, -0.1875, -2.125, -0.9375, -1.25}, {1, 7, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}, {"dilations", Ints{2}}},
            {floats({0.5, 1.25, 1, 1.75}, {1, 4, 1}), floats({-1, 0.75, -1.5}, {3, 1, 1})},
            floats({-0.625, -0.8125, 0, -0.5625}, {1, 4, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}},
            {floats({0.25, -1.5, 0.25, 0.25}, {1, 4, 1}), floats({-0.5, -0.5, 0.75, -0.0}, {4, 1, 1})},
            floats({0.625, 0.8125, -1.375, 0.0625}, {1, 4, 1})});
}

TEST(op_conv_transpose, inverts_the_sizes_of_a_convolution_over_two_axes) {
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}, {"strides", Ints{2, 2}}},
            {floats({-0.25, -1.5, -0.75, 1.5, 2, -0.5, 1.5, 1.5, -1.25, -1, 0.75, -0.75}, {1, 3, 2, 2}),
             floats({1.75, -0.5, 1,   0.75,  -1.25, 1.5,   -0.75, -1.5, -1.75, -0.25, 0.5,  -1,
                     1.25, -1,   1.5, -1.75, -1,    -1.25, -0.25, -0.5, -0.5,  1.5,   0.25, 0.5,
                     -0.5, 1.25, 0,   1,     1.75,  0.5,   -0.25, -1,   1.75,  1,     1.25, -1},
                    {3, 3, 2, 2})},
            floats({0.3125,  -1.375, -1.9375, 2.4375,  -1.25,  1.75,    3.1875, -1.6875, 1.1875,  2.25,
                    2.125,   0.8125, -4.5625, -4.5625, -1.125, -0.5625, 2,      0.125,   -4.4375, 0.8125,
                    -1.1875, 6.8125, -0.1875, -4.6875, 3,      3.875,   -1.375, -0.25,   -1.375,  -0.125,
                    -3.375,  -1.125, -3.3125, -2.5,    3.3125, 2.4375,  8.25,   5.0625,  1.3125,  -1.3125,
                    -0.5625, -0.125, 2.5,     0.8125,  0.8125, 1.625,   0.1875, 0.1875},
                   {1, 6, 4, 2})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("valid")}, {"strides", Ints{2, 1}}},
            {floats({-0.25, 1.5, -1, 1.25, 0.25, -1, -0.5, -1.75}, {2, 2, 2, 1}),
             floats({0.75, 1, -2, -0.75, 1, -1.25, 0.25, 1.25, 0.25, -1.5, 1.75, 1}, {2, 3, 2, 1})},
            floats({-0.1875, -0.25,  1.625,   1.6875,  -3.25,  -0.8125, 1.5,    -1.875, -0.0625, -0.3125,
                    0.3125,  2.25,   -0.0625, -2.5,    2.625,  1.5,     -0.75,  -1,     2.9375,  2,
                    -3.5,    0.3125, 1.25,    -1.5625, -0.25,  -1.25,   0.0625, 3.0625, -1.4375, -2.875,
                    2.1875,  1.25,   0.1875,  0.25,    -1.25,  -1.1875, 2.25,   0.4375, -1,      1.25,
                    0.0625,  0.3125, -0.1875, -1.625,  0.1875, 1.75,    -1.75,  -1,     -0.375,  -0.5,
                    -0.3125, -1.375, 3,       1.9375,  -1.75,  2.1875,  -0.125, -0.625, -0.5625, -1.4375,
                    -1.3125, 2.125,  -3.0625, -1.75},
                   {2, 4, 4, 2})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}, {"strides", Ints{2, 2}}},
            {floats({0.25, -0.75, 0.25, -0.5}, {1, 2, 2, 1}),
             floats({-1.5, -1.5, -1.75, -1.25, -1, 0.5, 0.25, 0.25, 1.25, -1.5, -0.5, -1.75, -0.25, -1.75,
                     -1.75, -1.5},
                    {4, 4, 1, 1})},
            floats({0.125, 0.8125, -0.3125, -0.1875, -0.75, -0.75, 1.125, 1.25, -0.3125, 0.3125, 0.75, 1.1875,
                    -0.375, -0.75, 0.3125, 0.25},
                   {1, 4, 4, 1})});
  check_op(
      {"conv_transpose",
       {{"auto_pad", std::string("same")}, {"strides", Ints{3, 3}}},
       {floats({-0.5, 1, -0.75, 1}, {1, 2, 2, 1}),
        floats({-1, -0.75, -0.0, -1.75, -0.25, 0.25, 1.25, -1.75, 1.25, 0.25, 0.25, -1.75, 1.5,
                -1, 0.25,  0.25, 1.75,  0.5,   2,    -1,   0.75,  0.25, 0,    0.5,  0.25},
               {5, 5, 1, 1})},
       floats({-0.625,  0.875,  -0.375,  1.125,   -1.75, 1.25, 0.875,   -0.75,  0.75,    -1.875, 1.5,   -1,
               -0.3125, -0.25,  -0.4375, 1.6875,  0.5,   0.25, -1.0625, 1.3125, -0.1875, 1.1875, -1.75, 1.75,
               1.3125,  -1.125, 1,       -1.9375, 1.5,   -1,   -1.3125, -0.375, -1.25,   2.5,    0.5,   2},
              {1, 6, 6, 1})});
}

TEST(op_conv_transpose, output_padding_adds_elements_at_the_end) {
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}, {"strides", Ints{2}}, {"output_padding", Ints{0}}},
            {floats({-0.75, 0.5, -1.75}, {1, 3, 1}), floats({-0.0, -0.25, -1.25}, {3, 1, 1})},
            floats({0.1875, 0.9375, -0.125, -0.625, 0.4375}, {1, 5, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}, {"strides", Ints{2}}, {"output_padding", Ints{1}}},
            {floats({0.25, 0.75, -1.5}, {1, 3, 1}), floats({-0.75, -1.75, 0.5}, {3, 1, 1})},
            floats({-0.1875, -0.4375, -0.4375, -1.3125, 1.5, 2.625}, {1, 6, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}, {"strides", Ints{2}}, {"output_padding", Ints{1}}},
            {floats({-1.75, -1, -0.25}, {1, 3, 1}), floats({-0.25, -1.75, 1.75, -1}, {4, 1, 1})},
            floats({3.0625, -2.8125, 3.5, -1.6875, 1.4375}, {1, 5, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("valid")}, {"strides", Ints{3, 3}}, {"output_padding", Ints{1, 2}}},
            {floats({0.5, -1, 0.5, -0.5}, {1, 2, 2, 1}),
             floats({-0.75, -0.0, 0.25, 0.5, 0.75, -1, -1.75, -1, -0.75}, {3, 3, 1, 1})},
            floats({-0.375, 0,   0.125, 0.75,  0,      -0.25,  0,      0,     0.25, 0.375, -0.5, -0.5,
                    -0.75,  1,   0,     0,     -0.875, -0.5,   -0.375, 1.75,  1,    0.75,  0,    0,
                    -0.375, 0,   0.125, 0.375, 0,      -0.125, 0,      0,     0.25, 0.375, -0.5, -0.25,
                    -0.375, 0.5, 0,     0,     -0.875, -0.5,   -0.375, 0.875, 0.5,  0.375, 0,    0,
                    0,      0,   0,     0,     0,      0,      0,      0},
                   {1, 7, 8, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}, {"strides", Ints{3, 3}}, {"output_padding", Ints{1, 2}}},
            {floats({0.5, -0.25, -0.75, -1.5}, {1, 2, 2, 1}),
             floats({0.5, -1.5, 0, 0.75, 0.5, -1.25, -0.5, 1.75, -1.75}, {3, 3, 1, 1})},
            floats({0.25,   -0.75,  0,     -0.125, 0.375,   0,      0.375,   0.25,   -0.625, -0.1875,
                    -0.125, 0.3125, -0.25, 0.875,  -0.875,  0.125,  -0.4375, 0.4375, -0.375, 1.125,
                    0,      -0.75,  2.25,  0,      -0.5625, -0.375, 0.9375,  -1.125, -0.75,  1.875},
                   {1, 5, 6, 1})});
}

TEST(op_conv_transpose, inverts_the_sizes_of_a_convolution_over_three_axes) {
  check_op(
      {"conv_transpose",
       {{"auto_pad", std::string("same")}, {"strides", Ints{2, 2, 2}}},
       {floats({0.75, -0.25, 0.5, -0.5, -1.5, 0.25, -2, 1.5}, {1, 2, 2, 2, 1}),
        floats({1.25, -0.5, 0.25, 0, 2, -1.75, -0.75, -0.25, 1.25, 1, -0.25, -2}, {2, 3, 2, 1, 1})},
       floats({0.9375,  -0.375, -0.3125, 0.125,   0.1875, 0,       -0.0625, 0,       2.125,  -1.5625, -1.125,
               0.6875,  0.125,  0,       -0.125,  0,      -0.5625, -0.1875, 0.1875,  0.0625, 0.9375,  0.75,
               -0.3125, -0.25,  -0.5625, -1.625,  0.4375, 0.625,   0.625,   0.5,     -0.625, -0.5,    -1.875,
               0.75,    0.3125, -0.125,  -0.375,  0,      0.0625,  0,       -5.5,    3.625,  2.375,   -1.1875,
               -0.5,    0,      0.375,   0,       1.125,  0.375,   -0.1875, -0.0625, -1.875, -1.5,    0.3125,
               0.25,    1.875,  3.5,     -1.1875, -0.875, -2.5,    -2,      1.875,   1.5},
              {1, 4, 4, 4, 1})});
  check_op({"conv_transpose",
            {{"auto_pad", std::string("valid")}, {"strides", Ints{2, 2, 2}}},
            {floats({0.5, -0.25, -1.5, 0.5}, {1, 1, 2, 2, 1}),
             floats({-0.25, -0.75, -1, 0, -1, -0.5, 1.75, -0.0}, {2, 2, 2, 1, 1})},
            floats({-0.125,  -0.375, 0.0625, 0.1875, -0.5, 0,     0.25,   0,    0.375, 1.125, -0.125,
                    -0.375,  1.5,    0,      -0.5,   0,    -0.5,  -0.25,  0.25, 0.125, 0.875, 0,
                    -0.4375, 0,      1.5,    0.75,   -0.5, -0.25, -2.625, 0,    0.875, 0},
                   {1, 2, 4, 4, 1})});
}

TEST(op_conv_transpose, empty_batches_give_empty_results) {
  check_op({"conv_transpose",
            {{"auto_pad", std::string("same")}},
            {floats({}, {0, 4, 2}), floats({-1, 0, 1.75, 1.5, 0.75, 1.5}, {3, 1, 2})},
            floats({}, {0, 4, 1})});
}

TEST(op_conv_transpose, larger_shapes_agree) {
  check_kernels("conv_transpose", {{"auto_pad", std::string("same")}, {"strides", Ints{2, 2}}},
                {random_floats({2, 7, 9, 13}, 1), random_floats({3, 3, 17, 13}, 2)});
}

TEST(op_conv_transpose, what_does_not_fit_is_refused) {
  expect_rejected("conv_transpose", {}, {f32_of({1, 4, 3}), f32_of({3, 2, 2})}, "does not fit x (1, 4, 3)");
  expect_rejected("conv_transpose", {}, {f32_of({1, 4, 3}), f32_of({3, 3, 2, 3})}, "does not fit x");
  expect_rejected("conv_transpose", {{"auto_pad", std::string("explicit")}, {"padding", Ints{0, 0}}},
                  {f32_of({1, 4, 1}), f32_of({3, 1, 1})}, "same or valid");
  expect_rejected("conv_transpose",
                  {{"auto_pad", std::string("same")}, {"strides", Ints{2}}, {"output_padding", Ints{0}}},
                  {f32_of({1, 4, 1}), f32_of({4, 1, 1})}, "output_padding 0 gives 6 elements");
  expect_rejected("conv_transpose", {{"strides", Ints{2}}, {"output_padding", Ints{2}}},
                  {f32_of({1, 4, 1}), f32_of({3, 1, 1})}, "output_padding 2 gives 11 elements");
  expect_rejected("conv_transpose", {{"strides", Ints{1073741824}}},
                  {f32_of({1, 1099511627776, 1}), f32_of({3, 1, 1})}, "64 bits");
  expect_rejected("conv_transpose", {{"strides", Ints{0}}}, {f32_of({1, 4, 1}), f32_of({3, 1, 1})},
                  "strides holds 0");
  expect_rejected("conv_transpose", {{"output_padding", Ints{-1}}}, {f32_of({1, 4, 1}), f32_of({3, 1, 1})},
                  "output_padding holds -1");
  expect_rejected("conv_transpose", {}, {f32_of({1, 4, 1}), f32_of({0, 1, 1})}, "the kernel has 0 elements");
}

TEST(op_conv_transpose, unknown_sizes_stay) {
  EXPECT_EQ(infer_op("conv_transpose", {{"auto_pad", std::string("same")}, {"strides", Ints{2, 2}}},
                     {f32_of({Shape::kUnknown, Shape::kUnknown, 5, 3}), f32_of({3, 3, 8, 3})}),
            (f32_of({Shape::kUnknown, Shape::kUnknown, 10, 8})));
}

}  // namespace
}  // namespace cornu::test
