// Pools by plain loops in double, to compare kernels with.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "kernels/conv_reference.h"

namespace cornu::kernels {

// A pool is described like a convolution without weights.
inline std::vector<double> pooled(ConvCase c, const Array& x, bool maximum) {
  while (c.in.size() < 3) {
    for (Ints* ints : {&c.in, &c.window, &c.strides, &c.dilations}) ints->insert(ints->begin(), 1);
    c.padding.insert(c.padding.begin(), {0, 0});
  }
  const ConvAxis axes[] = {axis_of(c, 0), axis_of(c, 1), axis_of(c, 2)};
  std::vector<double> out;
  for (int64_t i = 0; i < c.batch * axes[0].out * axes[1].out * axes[2].out * c.channels; i++) {
    const int64_t channel = i % c.channels, pixel = i / c.channels;
    const int64_t position[] = {pixel / axes[2].out / axes[1].out % axes[0].out,
                                pixel / axes[2].out % axes[1].out, pixel % axes[2].out};
    const int64_t image = pixel / axes[2].out / axes[1].out / axes[0].out;
    double largest = -std::numeric_limits<double>::infinity(), sum = 0;
    int count = 0;
    for (int64_t t = 0; t < c.window[0] * c.window[1] * c.window[2]; t++) {
      const int64_t taps[] = {t / c.window[2] / c.window[1], t / c.window[2] % c.window[1], t % c.window[2]};
      int64_t index = image;
      bool inside = true;
      for (size_t axis = 0; axis < 3; axis++) {
        const int64_t at = position[axis] * c.strides[axis] + taps[axis] * c.dilations[axis] - axes[axis].low;
        inside = inside && at >= 0 && at < c.in[axis];
        index = index * c.in[axis] + at;
      }
      if (!inside) continue;
      const double value = x.values[static_cast<size_t>(index * c.channels + channel)];
      largest = std::max(largest, value);
      sum += value;
      count++;
    }
    out.push_back(maximum ? largest : sum / count);
  }
  return out;
}

// Runs the kernel on random windows on every instruction set and compares.
inline void check_pool(const KernelDef& kernel, bool maximum) {
  Choices pick(9);
  std::mt19937 generator(4);
  for (int i = 0; i < 100; i++) {
    ConvCase c;
    c.channels = pick({1, 3, 7, 16, 17, 33, 64});
    c.batch = pick({1, 2});
    c.pad = pick.text({"same", "valid", "explicit"});
    Shape x = {c.batch}, y = {c.batch};
    const auto axes = static_cast<size_t>(pick({1, 2, 2, 3}));
    for (size_t axis = 0; axis < axes; axis++) {
      c.window.push_back(pick({1, 2, 3, 3, 5}));
      c.strides.push_back(pick({1, 2, 3}));
      c.dilations.push_back(1);
      c.padding.push_back(std::min(pick({0, 1, 2}), c.window.back() - 1));
      c.padding.push_back(0);
      c.in.push_back(c.window.back() + pick({0, 1, 4, 8}));
      x.push_back(c.in.back());
      y.push_back(axis_of(c, axis).out);
    }
    x.push_back(c.channels);
    y.push_back(c.channels);
    Attrs attrs = {{"window", c.window}, {"strides", c.strides}, {"auto_pad", c.pad}};
    if (c.pad == "explicit") attrs.set("padding", c.padding);
    const Array input = Array::random(x, generator);
    const Placement placement = {static_cast<int>(pick({1, 2, 3})), pick({0, 1, 2, 3})};
    for (int64_t target : kernel_targets()) {
      const ForcedTarget forced(target);
      const std::vector<float> actual = run_kernel(kernel, {input}, y, attrs, placement);
      EXPECT_EQ(first_difference(actual, pooled(c, input, maximum), 1e-6), "")
          << "x " << x.to_string() << " on " << hwy::TargetName(target);
    }
  }
}

}  // namespace cornu::kernels
