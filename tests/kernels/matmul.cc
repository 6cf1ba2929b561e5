#include <gtest/gtest.h>

#include "kernels/matmul_reference.h"

namespace cornu::kernels {

extern const KernelDef kernel_matmul;

namespace {

TEST(matmul_kernel, agrees_with_plain_loops_for_every_size_and_order) {
  for (int64_t rows : {1, 2, 13, 14, 15, 61}) {
    for (int64_t depth : {1, 7, 64, 401}) {
      for (int64_t columns : {1, 3, 16, 31, 64, 97}) {
        for (int order = 0; order < 4; order++) {
          const bool ta = (order & 1) != 0, tb = (order & 2) != 0;
          check_matmul(kernel_matmul,
                       {.a = ta ? Shape{depth, rows} : Shape{rows, depth},
                        .b = tb ? Shape{columns, depth} : Shape{depth, columns},
                        .transpose_a = ta,
                        .transpose_b = tb,
                        .epilogue = "shift",
                        .activation = "relu"},
                       {.threads = 1 + order % 3, .offset_bytes = order + 1});
        }
      }
    }
  }
}

TEST(matmul_kernel, leading_axes_broadcast) {
  const MatmulCase cases[] = {
      {.a = {3, 5, 7}, .b = {7, 20}},
      {.a = {3, 5, 7}, .b = {3, 7, 20}, .epilogue = "residual"},
      {.a = {2, 3, 5, 7}, .b = {3, 20, 7}, .transpose_b = true},
      {.a = {2, 1, 5, 7}, .b = {4, 7, 20}},
      {.a = {5, 7}, .b = {2, 2, 7, 20}, .epilogue = "scale shift residual", .activation = "tanh"},
      {.a = {6, 4, 7, 5}, .b = {6, 4, 7, 9}, .transpose_a = true},
      {.a = {2, 7, 5}, .b = {7, 9}, .transpose_a = true, .activation = "leaky_relu"},
  };
  for (const MatmulCase& c : cases) {
    for (int threads : {1, 2, 3}) check_matmul(kernel_matmul, c, {threads, 2});
  }
}

TEST(matmul_kernel, products_of_more_weights_than_the_cache_keeps_agree) {
  for (int threads : {1, 2, 3}) {
    check_matmul(kernel_matmul, {.a = {64, 700}, .b = {700, 300}, .epilogue = "shift"}, {threads, 2});
    check_matmul(kernel_matmul, {.a = {700, 64}, .b = {300, 700}, .transpose_a = true, .transpose_b = true},
                 {threads, 1});
  }
}

TEST(matmul_kernel, refusals_say_why) {
  const TensorType a = {DType::float32, {2, 3}};
  const TensorType b = {DType::float32, {3, 4}};
  const TensorType y = {DType::float32, {2, 4}};
  EXPECT_EQ(refusal_of(kernel_matmul, {a, b}, y, {}), "");
  EXPECT_EQ(refusal_of(kernel_matmul, {a, {DType::float64, b.shape}}, y, {}),
            "input 1 is float64, only float32 is handled");
  EXPECT_EQ(refusal_of(kernel_matmul, {{DType::float32, {3}}, b}, {DType::float32, {4}}, {}),
            "an operand has fewer than two axes");
  EXPECT_EQ(refusal_of(kernel_matmul, {a, b, {DType::float32, {3}}}, y, {{"epilogue", "shift"}}),
            "input 2 has shape (3,), the epilogue needs (4,)");
}

}  // namespace
}  // namespace cornu::kernels
