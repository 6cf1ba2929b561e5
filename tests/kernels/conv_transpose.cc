#include <gtest/gtest.h>

#include "kernels/conv_reference.h"

namespace cornu::kernels {

extern const KernelDef kernel_conv_transpose;

namespace {

// The case describes the convolution that leads back: from y (c.in, c.channels) to x (c.out_channels).
std::vector<double> transposed(const ConvCase& given, const Array& x, const Array& w,
                               const std::vector<Array>& inputs) {
  ConvCase c = given;
  while (c.in.size() < 3) {
    for (Ints* ints : {&c.in, &c.window, &c.strides, &c.dilations}) ints->insert(ints->begin(), 1);
  }
  const ConvAxis z = axis_of(c, 0), y = axis_of(c, 1), v = axis_of(c, 2);
  const int64_t filters = c.channels, pixels = c.in[0] * c.in[1] * c.in[2];
  std::vector<double> sums(static_cast<size_t>(c.batch * pixels * filters), 0.0);
  for (int64_t i = 0; i < c.batch * z.out * y.out * v.out; i++) {
    for (int64_t t = 0; t < c.window[0] * c.window[1] * c.window[2]; t++) {
      const int64_t oz = i / (y.out * v.out) % z.out * c.strides[0] +
                         t / (c.window[1] * c.window[2]) * c.dilations[0] - z.low;
      const int64_t oy =
          i / v.out % y.out * c.strides[1] + t / c.window[2] % c.window[1] * c.dilations[1] - y.low;
      const int64_t ox = i % v.out * c.strides[2] + t % c.window[2] * c.dilations[2] - v.low;
      if (oz < 0 || oz >= c.in[0] || oy < 0 || oy >= c.in[1] || ox < 0 || ox >= c.in[2]) continue;
      const int64_t pixel = i / (z.out * y.out * v.out) * pixels + (oz * c.in[1] + oy) * c.in[2] + ox;
      for (int64_t f = 0; f < filters; f++) {
        for (int64_t k = 0; k < c.out_channels; k++) {
          sums[static_cast<size_t>(pixel * filters + f)] +=
              double{x.values[static_cast<size_t>(i * c.out_channels + k)]} *
              w.values[static_cast<size_t>((t * filters + f) * c.out_channels + k)];
        }
      }
    }
  }
  const Epilogue epilogue = Epilogue::parse(attrs_of(c), 2);
  const auto value = [&](int input, size_t i, double absent) {
    return input < 0 ? absent : double{inputs[static_cast<size_t>(input)].values[i]};
  };
  for (size_t i = 0; i < sums.size(); i++) {
    const size_t f = i % static_cast<size_t>(filters);
    sums[i] = epilogue.finish(sums[i], value(epilogue.scale, f, 1), value(epilogue.shift, f, 0),
                              value(epilogue.residual, i, 0));
  }
  return sums;
}

void check(const ConvCase& c, Placement placement, const std::string& name) {
  std::mt19937 generator(11);
  Shape x = {c.batch}, w, y = {c.batch};
  for (size_t i = 0; i < c.in.size(); i++) {
    x.push_back(axis_of(c, i).out);
    w.push_back(c.window[i]);
    y.push_back(c.in[i]);
  }
  x.push_back(c.out_channels);
  w.push_back(c.channels);
  w.push_back(c.out_channels);
  y.push_back(c.channels);
  const Epilogue epilogue = Epilogue::parse(attrs_of(c), 2);
  std::vector<Array> inputs = {Array::random(x, generator), Array::random(w, generator)};
  for (int i = 2; i < 2 + epilogue.inputs(); i++) {
    inputs.push_back(Array::random(i == epilogue.residual ? y : Shape{c.channels}, generator));
  }
  const std::vector<double> expected = transposed(c, inputs[0], inputs[1], inputs);
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    EXPECT_EQ(first_difference(run_kernel(kernel_conv_transpose, inputs, y, attrs_of(c), placement), expected,
                               1e-5),
              "")
        << name << " (x " << x.to_string() << ", w " << w.to_string() << ", y " << y.to_string() << ") on "
        << hwy::TargetName(target);
  }
}

TEST(conv_transpose_kernel, agrees_with_plain_loops_for_random_windows_strides_and_threads) {
  Choices pick(21);
  for (int i = 0; i < 150; i++) {
    ConvCase c;
    c.channels = pick({1, 3, 7, 16, 17, 64});
    c.out_channels = pick({1, 3, 8, 16, 33});
    c.batch = pick({1, 1, 2, 3});
    c.pad = pick.text({"same", "valid"});
    const auto axes = static_cast<size_t>(pick({1, 2, 2, 2, 3}));
    for (size_t axis = 0; axis < axes; axis++) {
      c.window.push_back(pick({1, 2, 3, 4, 5}));
      c.strides.push_back(pick({1, 2, 2, 3}));
      c.dilations.push_back(c.strides.back() == 1 ? pick({1, 1, 2}) : 1);
      c.in.push_back((c.window.back() - 1) * c.dilations.back() + pick({1, 2, 5, 9}));
    }
    c.epilogue = pick.text({"", "shift", "scale shift", "shift residual"});
    c.activation = pick.text({"", "relu", "sigmoid"});
    check(c, {static_cast<int>(pick({1, 2, 3})), pick({0, 1, 2, 4})}, "case " + std::to_string(i));
  }
}

TEST(conv_transpose_kernel, a_large_upsampling_layer_agrees) {
  const ConvCase c = {.in = {61, 64},
                      .window = {3, 3},
                      .channels = 32,
                      .out_channels = 48,
                      .strides = {2, 2},
                      .dilations = {1, 1},
                      .epilogue = "shift",
                      .activation = "relu"};
  for (int threads : {1, 2}) check(c, {threads, 2}, std::to_string(threads) + " threads");
}

TEST(conv_transpose_kernel, refusals_say_why) {
  const TensorType x = {DType::float32, {1, 5, 5, 4}};
  const TensorType w = {DType::float32, {3, 3, 8, 4}};
  const TensorType y = {DType::float32, {1, 7, 7, 8}};
  EXPECT_EQ(refusal_of(kernel_conv_transpose, {x, w}, y, {}), "");
  EXPECT_EQ(refusal_of(kernel_conv_transpose, {{DType::float16, x.shape}, w}, y, {}),
            "input 0 is float16, only float32 is handled");
  EXPECT_EQ(refusal_of(kernel_conv_transpose, {x, {DType::float32, {3, 3, 4, 8}}}, y, {}),
            "the channels of x, w and y do not fit each other");
  EXPECT_EQ(refusal_of(kernel_conv_transpose, {x, w}, {DType::float32, {1, 9, 9, 8}}, {}),
            "y (1, 5, 5, 4) does not fit the window");
}

}  // namespace
}  // namespace cornu::kernels
