#include "kernels/rows.h"

#include <gtest/gtest.h>

#include <numeric>

#include "kernels/kernel_runner.h"
#include "support/op_cases.h"

namespace cornu::kernels {

extern const KernelDef kernel_softmax, kernel_layer_norm, kernel_reduce_sum, kernel_reduce_mean,
    kernel_reduce_max;

namespace {

TEST(softmax_kernel, agrees_with_the_formula_for_every_width) {
  std::mt19937 generator(1);
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (int64_t columns : {1, 2, 10, 16, 17, 63, 1000, 5001}) {
      const Array x = Array::random({3, 2, columns}, generator, -30, 30);
      std::vector<double> expected;
      for (int64_t row = 0; row < 6; row++) {
        const auto begin = x.values.begin() + row * columns;
        const double most = *std::max_element(begin, begin + columns);
        double sum = 0;
        for (int64_t i = 0; i < columns; i++) sum += std::exp(begin[i] - most);
        for (int64_t i = 0; i < columns; i++) expected.push_back(std::exp(begin[i] - most) / sum);
      }
      EXPECT_EQ(first_difference(run_kernel(kernel_softmax, {x}, x.shape, {}, {2, 1}), expected, 1e-6), "")
          << columns;
    }
  }
}

TEST(softmax_kernel, rows_of_every_width_agree_with_the_reference_and_so_do_their_logarithms) {
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const Shape& shape : {Shape{1, 1}, {1, 3}, {13, 3}, {9, 24}, {5, 25}, {2, 70}}) {
      test::check_kernels("softmax", {}, {test::random_floats(shape, 1, -20, 20)});
      test::check_kernels("log_softmax", {}, {test::random_floats(shape, 2, -20, 20)});
    }
  }
}

TEST(softmax_kernel, large_values_do_not_overflow_and_nan_spreads) {
  const auto y =
      run_kernel(kernel_softmax, {{{2, 2}, {1e30F, 1e30F, NAN, 0}}}, {2, 2}, {{"axis", int64_t{1}}});
  EXPECT_EQ(y[0], 0.5F);
  EXPECT_TRUE(std::isnan(y[2]) && std::isnan(y[3]));
}

TEST(softmax_kernel, another_axis_is_refused) {
  const TensorType x = {DType::float32, {2, 3}};
  EXPECT_EQ(refusal_of(kernel_softmax, {x}, x, {{"axis", int64_t{0}}}), "axis 0 is not the last");
}

TEST(layer_norm_kernel, agrees_with_the_formula) {
  std::mt19937 generator(2);
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (int64_t columns : {1, 5, 16, 96, 769}) {
      for (int flags = 0; flags < 4; flags++) {
        const bool has_gamma = (flags & 1) != 0, has_beta = (flags & 2) != 0;
        std::vector<Array> inputs = {Array::random({3, 4, columns}, generator, 90, 110)};
        for (int i = 0; i < has_gamma + has_beta; i++) inputs.push_back(Array::random({columns}, generator));
        std::vector<double> expected;
        for (int64_t row = 0; row < 12; row++) {
          const auto x = inputs[0].values.begin() + row * columns;
          const double mean = std::accumulate(x, x + columns, 0.0) / static_cast<double>(columns);
          double variance = 0;
          for (int64_t i = 0; i < columns; i++)
            variance += (x[i] - mean) * (x[i] - mean) / static_cast<double>(columns);
          for (int64_t i = 0; i < columns; i++) {
            const auto c = static_cast<size_t>(i);
            const double gamma = has_gamma ? inputs[1].values[c] : 1.0;
            const double beta = has_beta ? inputs.back().values[c] : 0.0;
            expected.push_back((x[i] - mean) / std::sqrt(variance + 1e-3) * gamma + beta);
          }
        }
        const Attrs attrs = {
            {"axes", Ints{-1}}, {"epsilon", 1e-3}, {"has_gamma", has_gamma}, {"has_beta", has_beta}};
        // x of magnitude 100 has seven digits; its distance from the mean has five.
        EXPECT_EQ(first_difference(run_kernel(kernel_layer_norm, inputs, {3, 4, columns}, attrs, {3, 2}),
                                   expected, 2e-5),
                  "")
            << columns;
      }
    }
  }
}

TEST(layer_norm_kernel, refusals_say_why) {
  const TensorType x = {DType::float32, {2, 3, 4}};
  EXPECT_EQ(refusal_of(kernel_layer_norm, {x}, x, {{"axes", Ints{1}}, {"epsilon", 1e-3}}),
            "axes are not the last ones");
  EXPECT_EQ(refusal_of(kernel_layer_norm, {x, {DType::float32, {1}}}, x,
                       {{"axes", Ints{2}}, {"epsilon", 1e-3}, {"has_gamma", true}}),
            "input 1 has shape (1,), not that of the axes");
}

TEST(reduce_kernel, agrees_with_plain_loops_over_neighbouring_axes) {
  std::mt19937 generator(3);
  struct Case {
    Shape x;
    Ints axes;
    Shape y;
    int64_t outer, rows, columns;
  };
  const Case cases[] = {{{2, 7, 9, 33}, {1, 2}, {2, 33}, 2, 63, 33},
                        {{3, 49, 300}, {1}, {3, 300}, 3, 49, 300},
                        {{5, 700}, {-1}, {5}, 5, 700, 1},
                        {{40, 11}, {0}, {11}, 1, 40, 11},
                        {{4, 1, 6}, {0, 2}, {1}, 1, 24, 1},
                        {{3, 5}, {0, 1}, {}, 1, 15, 1},
                        {{900, 2, 3}, {1}, {900, 3}, 900, 2, 3}};
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const Case& c : cases) {
      const Array x = Array::random(c.x, generator);
      std::vector<double> sums, means, most;
      for (int64_t i = 0; i < c.outer * c.columns; i++) {
        double sum = 0, largest = -2;
        for (int64_t r = 0; r < c.rows; r++) {
          const double value =
              x.values[static_cast<size_t>((i / c.columns * c.rows + r) * c.columns + i % c.columns)];
          sum += value;
          largest = std::max(largest, value);
        }
        sums.push_back(sum);
        means.push_back(sum / static_cast<double>(c.rows));
        most.push_back(largest);
      }
      const Attrs attrs = {{"axes", c.axes}};
      EXPECT_EQ(first_difference(run_kernel(kernel_reduce_sum, {x}, c.y, attrs, {2, 1}), sums, 1e-6), "");
      EXPECT_EQ(first_difference(run_kernel(kernel_reduce_mean, {x}, c.y, attrs, {3, 2}), means, 1e-6), "");
      EXPECT_EQ(first_difference(run_kernel(kernel_reduce_max, {x}, c.y, attrs, {1, 3}), most, 0), "");
    }
  }
}

TEST(reduce_kernel, long_means_keep_their_accuracy) {
  const Array x = {{1000000}, std::vector<float>(1000000, 0.1F)};
  EXPECT_NEAR(run_kernel(kernel_reduce_mean, {x}, {}, {})[0], 0.1F, 2e-7);
}

TEST(reduce_kernel, axes_apart_are_refused) {
  EXPECT_EQ(refusal_of(kernel_reduce_mean, {{DType::float32, {2, 3, 4}}}, {DType::float32, {3}},
                       {{"axes", Ints{0, 2}}}),
            "the axes are not neighbours");
}

}  // namespace
}  // namespace cornu::kernels
