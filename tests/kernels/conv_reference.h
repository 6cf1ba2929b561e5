// Convolutions by plain loops in double, to compare kernels with.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/epilogue.h"
#include "kernels/kernel_runner.h"

namespace cornu::kernels {

struct ConvCase {
  Ints in;  // spatial sizes
  Ints window;
  int64_t channels = 1, out_channels = 1;
  Ints strides = {}, dilations = {};
  std::string pad = "same";
  Ints padding = {};
  int64_t groups = 1, batch = 1;
  std::string epilogue = "", activation = "";
};

struct ConvAxis {
  int64_t out, low;
};

inline ConvAxis axis_of(const ConvCase& c, size_t i) {
  const int64_t extent = (c.window[i] - 1) * c.dilations[i] + 1;
  if (c.pad == "same") {
    const int64_t out = (c.in[i] + c.strides[i] - 1) / c.strides[i];
    return {out, std::max<int64_t>(0, (out - 1) * c.strides[i] + extent - c.in[i]) / 2};
  }
  const int64_t low = c.pad == "explicit" ? c.padding[2 * i] : 0;
  const int64_t high = c.pad == "explicit" ? c.padding[2 * i + 1] : 0;
  return {(c.in[i] + low + high - extent) / c.strides[i] + 1, low};
}

inline Attrs attrs_of(const ConvCase& c) {
  Attrs attrs = {{"strides", c.strides},  {"dilations", c.dilations}, {"auto_pad", c.pad},
                 {"groups", c.groups},    {"epilogue", c.epilogue},   {"activation", c.activation},
                 {"activation_min", 0.0}, {"activation_max", 0.5}};
  if (c.pad == "explicit") attrs.set("padding", c.padding);
  return attrs;
}

inline std::vector<double> convolved(ConvCase c, const std::vector<Array>& inputs) {
  const Attrs attrs = attrs_of(c);
  const Epilogue epilogue = Epilogue::parse(attrs, 2);
  while (c.in.size() < 3) {
    for (Ints* ints : {&c.in, &c.window, &c.strides, &c.dilations}) ints->insert(ints->begin(), 1);
    c.padding.insert(c.padding.begin(), {0, 0});
  }
  const ConvAxis z = axis_of(c, 0), y = axis_of(c, 1), x = axis_of(c, 2);
  const int64_t group_in = c.channels / c.groups, group_out = c.out_channels / c.groups;
  const auto value = [&](int input, int64_t i, double fallback) {
    return input < 0 ? fallback : double{inputs[static_cast<size_t>(input)].values[static_cast<size_t>(i)]};
  };
  std::vector<double> out;
  for (int64_t i = 0; i < c.batch * z.out * y.out * x.out * c.out_channels; i++) {
    const int64_t n = i % c.out_channels, ox = i / c.out_channels % x.out,
                  oy = i / c.out_channels / x.out % y.out;
    const int64_t oz = i / c.out_channels / x.out / y.out % z.out,
                  b = i / c.out_channels / x.out / y.out / z.out;
    double sum = 0;
    for (int64_t t = 0; t < c.window[0] * c.window[1] * c.window[2]; t++) {
      const int64_t iz = oz * c.strides[0] + t / c.window[2] / c.window[1] * c.dilations[0] - z.low;
      const int64_t iy = oy * c.strides[1] + t / c.window[2] % c.window[1] * c.dilations[1] - y.low;
      const int64_t ix = ox * c.strides[2] + t % c.window[2] * c.dilations[2] - x.low;
      if (iz < 0 || iz >= c.in[0] || iy < 0 || iy >= c.in[1] || ix < 0 || ix >= c.in[2]) continue;
      const int64_t pixel = ((b * c.in[0] + iz) * c.in[1] + iy) * c.in[2] + ix;
      for (int64_t k = 0; k < group_in; k++) {
        sum += value(0, pixel * c.channels + n / group_out * group_in + k, 0) *
               value(1, (t * group_in + k) * c.out_channels + n, 0);
      }
    }
    out.push_back(epilogue.finish(sum, value(epilogue.scale, n, 1), value(epilogue.shift, n, 0),
                                  value(epilogue.residual, i, 0)));
  }
  return out;
}

// Runs the kernel on random input on every instruction set and compares.
inline void check_conv(const KernelDef& kernel, const ConvCase& c, Placement placement,
                       const std::string& name) {
  std::mt19937 generator(7);
  Shape x = {c.batch}, w, y = {c.batch};
  for (size_t i = 0; i < c.in.size(); i++) {
    x.push_back(c.in[i]);
    w.push_back(c.window[i]);
    y.push_back(axis_of(c, i).out);
  }
  x.push_back(c.channels);
  w.push_back(c.channels / c.groups);
  w.push_back(c.out_channels);
  y.push_back(c.out_channels);
  const Epilogue epilogue = Epilogue::parse(attrs_of(c), 2);
  std::vector<Array> inputs = {Array::random(x, generator), Array::random(w, generator)};
  for (int i = 2; i < 2 + epilogue.inputs(); i++) {
    inputs.push_back(Array::random(i == epilogue.residual ? y : Shape{c.out_channels}, generator));
  }
  const std::vector<double> expected = convolved(c, inputs);
  const double terms = static_cast<double>(w.elements()) / static_cast<double>(c.out_channels);
  const double tolerance = 1e-6 + 2e-8 * terms;  // each addition rounds a sum that grows with their number
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    const std::vector<float> actual = run_kernel(kernel, inputs, y, attrs_of(c), placement);
    EXPECT_EQ(first_difference(actual, expected, tolerance), "")
        << name << " (x " << x.to_string() << ", w " << w.to_string() << ", epilogue '" << c.epilogue
        << "', activation '" << c.activation << "') on " << hwy::TargetName(target);
  }
}

// A source of test parameters.
class Choices {
 public:
  explicit Choices(unsigned seed) : generator_(seed) {}
  int64_t operator()(std::initializer_list<int64_t> values) {
    return values.begin()[std::uniform_int_distribution<size_t>(0, values.size() - 1)(generator_)];
  }
  std::string text(const std::vector<std::string>& values) {
    return values[std::uniform_int_distribution<size_t>(0, values.size() - 1)(generator_)];
  }

 private:
  std::mt19937 generator_;
};

}  // namespace cornu::kernels
