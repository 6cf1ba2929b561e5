#include "kernels/function.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "kernels/kernel_runner.h"
#include "kernels/magnitudes.h"
#include "support/op_cases.h"

namespace cornu::kernels {
namespace {

struct Bound {
  Function function;
  const char* op;
  double units;
  int least = -126;  // the smallest normal number
};

constexpr Bound kBounds[] = {{Function::abs, "abs", 0},
                             {Function::ceil, "ceil", 0},
                             {Function::erf, "erf", 4},
                             {Function::floor, "floor", 0},
                             {Function::log, "log", 3},
                             {Function::log1p, "log1p", 3},
                             {Function::log_sigmoid, "log_sigmoid", 4},
                             {Function::mish, "mish", 4, -118},
                             {Function::neg, "neg", 0},
                             {Function::reciprocal, "reciprocal", 2},
                             {Function::round, "round", 0},
                             {Function::rsqrt, "rsqrt", 2},
                             {Function::sign, "sign", 0},
                             {Function::softsign, "softsign", 2},
                             {Function::sqrt, "sqrt", 0.5},
                             {Function::square, "square", 0.5}};

// The reference in float64, which is exact enough.
std::vector<double> exact_values(const char* op, const std::vector<float>& x) {
  return to_doubles(test::run_op(op, {}, {test::floats(std::vector<double>(x.begin(), x.end()))}));
}

TEST(function_kernel, errors_stay_within_the_documented_units_for_all_magnitudes) {
  const std::vector<float> x = all_magnitudes();
  std::vector<float> y(x.size());
  for (const Bound& bound : kBounds) {
    const std::vector<double> exact = exact_values(bound.op, x);
    for (int64_t target : kernel_targets()) {
      const ForcedTarget forced(target);
      apply_function(bound.function, reinterpret_cast<const std::byte*>(x.data()), y.data(),
                     static_cast<int64_t>(x.size()));
      double worst = 0;
      float where = 0;
      for (size_t i = 0; i < x.size(); i++) {
        if (std::isinf(x[i])) continue;
        const double error = error_in_units(y[i], exact[i], bound.least);
        if (error > worst) {
          worst = error;
          where = x[i];
        }
      }
      EXPECT_LE(worst, bound.units) << bound.op << " of " << where << " on " << hwy::TargetName(target);
    }
  }
}

TEST(function_kernel, nan_stays_nan_and_any_count_is_right) {
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const Bound& bound : kBounds) {
      std::vector<float> values(37, NAN);
      const double wanted = exact_values(bound.op, {0.25F})[0];
      for (int64_t count : {2, 16, 36}) {
        values.assign(37, 0.25F);
        values[0] = NAN;
        apply_function(bound.function, reinterpret_cast<const std::byte*>(values.data()), values.data(),
                       count);
        EXPECT_TRUE(std::isnan(values[0])) << bound.op;
        EXPECT_NEAR(values[static_cast<size_t>(count) - 1], wanted, 1e-6) << bound.op;
        EXPECT_EQ(values[static_cast<size_t>(count)], 0.25F) << bound.op;
      }
    }
  }
}

TEST(function_kernel, every_function_is_an_op_with_a_kernel) {
  for (const Bound& bound : kBounds) {
    SCOPED_TRACE(bound.op);
    test::check_kernels(bound.op, {}, {test::random_floats({3, 20001}, 2, 0.1, 4)});
  }
}

}  // namespace
}  // namespace cornu::kernels
