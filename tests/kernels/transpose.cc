#include <gtest/gtest.h>

#include "kernels/kernel_runner.h"
#include "support/op_cases.h"

namespace cornu::kernels {

extern const KernelDef kernel_transpose;

namespace {

TEST(transpose_kernel, every_order_of_axes_agrees_with_the_reference) {
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const Shape& shape : {Shape{7, 9}, {64, 65}, {130, 67}, {1, 5}}) {
      test::check_kernels("transpose", {{"permutation", Ints{1, 0}}}, {test::random_floats(shape, 1)});
    }
    for (const Ints& permutation : {Ints{0, 2, 1}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}, {1, 0, 2}}) {
      for (const Shape& shape : {Shape{2, 3, 5}, {4, 8, 12}, {3, 1, 70}, {66, 2, 5}})
        test::check_kernels("transpose", {{"permutation", permutation}}, {test::random_floats(shape, 2)});
    }
    test::check_kernels("transpose", {{"permutation", Ints{3, 0, -2, 1}}},
                        {test::random_floats({2, 9, 3, 6}, 3)});
  }
}

TEST(transpose_kernel, a_last_axis_that_stays_and_other_sizes_are_refused) {
  const TensorType x = {DType::float32, {2, 3, 4}};
  EXPECT_EQ(refusal_of(kernel_transpose, {x}, {DType::float32, {3, 2, 4}}, {{"permutation", Ints{1, 0, 2}}}),
            "the last axis stays");
  EXPECT_EQ(refusal_of(kernel_transpose, {{DType::float64, {2, 3}}}, {DType::float64, {3, 2}},
                       {{"permutation", Ints{1, 0}}}),
            "the elements do not have 4 bytes");
}

}  // namespace
}  // namespace cornu::kernels
