#include <gtest/gtest.h>

#include "kernels/pool_reference.h"

namespace cornu::kernels {

extern const KernelDef kernel_avg_pool;

namespace {

TEST(avg_pool_kernel, agrees_with_plain_loops_for_random_windows) {
  check_pool(kernel_avg_pool, false);
}

TEST(avg_pool_kernel, nan_makes_nan) {
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (int64_t channels : {1, 20}) {
      Array x = {{1, 3, channels}, std::vector<float>(static_cast<size_t>(3 * channels), 1.0F)};
      x.values[0] = NAN;
      const auto y = run_kernel(kernel_avg_pool, {x}, {1, 2, channels}, {{"window", Ints{2}}});
      EXPECT_TRUE(std::isnan(y[0]));
      EXPECT_EQ(y[static_cast<size_t>(channels)], 1.0F);
    }
  }
}

TEST(avg_pool_kernel, windows_of_padding_alone_are_refused) {
  EXPECT_EQ(refusal_of(kernel_avg_pool, {{DType::float32, {1, 3, 1}}}, {DType::float32, {1, 4, 1}},
                       {{"window", Ints{2}}, {"strides", Ints{1}}, {"padding", Ints{2, 0}}}),
            "a window may lie wholly in the padding");
}

}  // namespace
}  // namespace cornu::kernels
