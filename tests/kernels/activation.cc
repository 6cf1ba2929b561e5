#include "kernels/activation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "kernels/kernel_runner.h"
#include "kernels/magnitudes.h"
#include "kernels/table.h"

namespace cornu::kernels {
namespace {

struct Bound {
  Activation activation;
  double units;
  float a = 0, b = 0;
  int least = -126;  // the smallest normal number
};

TEST(activation_kernel, errors_stay_within_the_documented_units_for_all_magnitudes) {
  const Bound bounds[] = {{Activation::relu, 0},
                          {Activation::clip, 0, -1.5F, 6},
                          {Activation::leaky_relu, 0.5, 0.3F},
                          {Activation::sigmoid, 3},
                          {Activation::tanh, 6},
                          {Activation::silu, 3, 0, 0, -60},
                          {Activation::gelu, 10, 0, 0, -60},
                          {Activation::hard_sigmoid, 1.5},
                          {Activation::hard_silu, 3},
                          {Activation::elu, 4, 0.7F},
                          {Activation::selu, 4},
                          {Activation::softplus, 4},
                          {Activation::exp, 3}};
  const std::vector<float> x = all_magnitudes();
  std::vector<float> y(x.size());
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const Bound& bound : bounds) {
      activate(bound.activation, bound.a, bound.b, reinterpret_cast<const std::byte*>(x.data()), y.data(),
               static_cast<int64_t>(x.size()));
      double worst = 0;
      float where = 0;
      for (size_t i = 0; i < x.size(); i++) {
        const double exact = apply_activation(bound.activation, x[i], bound.a, bound.b);
        const double error = error_in_units(y[i], exact, bound.least);
        if (error > worst) {
          worst = error;
          where = x[i];
        }
      }
      EXPECT_LE(worst, bound.units) << activation_name(bound.activation) << " of " << where << " on "
                                    << hwy::TargetName(target);
    }
  }
}

TEST(activation_kernel, approximate_gelu_is_within_a_millionth) {
  const std::vector<float> x = all_magnitudes();
  std::vector<float> y(x.size());
  activate(Activation::gelu, 1, 0, reinterpret_cast<const std::byte*>(x.data()), y.data(),
           static_cast<int64_t>(x.size()));
  for (size_t i = 0; i < x.size(); i++) {
    if (std::abs(x[i]) > 1e12F) continue;  // the cube of x leaves float, the result is the limit
    ASSERT_NEAR(y[i], apply_activation(Activation::gelu, x[i], 1), 1e-6 * std::max(1.0F, std::abs(x[i])))
        << x[i];
  }
}

TEST(activation_kernel, any_count_and_alignment_and_in_place) {
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (int64_t count = 0; count < 70; count++) {
      std::vector<float> values(static_cast<size_t>(count) + 1, -2.0F);
      activate(Activation::relu, 0, 0, reinterpret_cast<const std::byte*>(values.data()), values.data(),
               count);
      EXPECT_EQ(std::count(values.begin(), values.end(), 0.0F), count);
      EXPECT_EQ(values.back(), -2.0F);
    }
  }
}

TEST(activation_kernel, nan_stays_nan) {
  const std::vector<float> x(20, NAN);
  std::vector<float> y(20);
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (int i = 0; i <= static_cast<int>(Activation::exp); i++) {
      for (float a : {0.0F, 1.0F}) {
        activate(static_cast<Activation>(i), a, 2, reinterpret_cast<const std::byte*>(x.data()), y.data(),
                 20);
        EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[19])) << activation_name(static_cast<Activation>(i));
      }
    }
  }
}

TEST(activation_kernel, every_activation_is_an_op_with_a_kernel) {
  std::mt19937 generator(2);
  const Array x = Array::random({3, 20001}, generator, -4, 4);
  const Attrs attrs = {{"min", -1.0}, {"max", 2.0}, {"slope", 0.1}, {"alpha", 1.5}, {"approximate", true}};
  for (int i = 1; i <= static_cast<int>(Activation::exp); i++) {
    const auto activation = static_cast<Activation>(i);
    const float a = activation == Activation::clip         ? -1.0F
                    : activation == Activation::leaky_relu ? 0.1F
                    : activation == Activation::elu        ? 1.5F
                                                           : 1.0F;
    std::vector<double> expected;
    for (float value : x.values) expected.push_back(apply_activation(activation, value, a, 2));
    bool found = false;
    for (const KernelDef* kernel : all_kernels()) {
      if (kernel->op != activation_name(activation)) continue;
      found = true;
      EXPECT_EQ(first_difference(run_kernel(*kernel, {x}, x.shape, attrs, {2, 1}), expected, 1e-6), "")
          << kernel->name;
    }
    EXPECT_TRUE(found) << activation_name(activation);
  }
}

}  // namespace
}  // namespace cornu::kernels
