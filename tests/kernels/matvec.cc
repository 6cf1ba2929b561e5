#include <gtest/gtest.h>

#include "kernels/matmul_reference.h"

namespace cornu::kernels {

extern const KernelDef kernel_matvec;

namespace {

TEST(matvec_kernel, agrees_with_plain_loops_for_every_size) {
  for (int64_t depth : {1, 5, 64, 513, 2100}) {
    for (int64_t columns : {1, 2, 7, 10, 16, 17, 100, 255, 256, 600, 1000}) {
      for (bool transposed : {false, true}) {
        check_matmul(kernel_matvec,
                     {.a = {1, depth},
                      .b = transposed ? Shape{columns, depth} : Shape{depth, columns},
                      .transpose_b = transposed,
                      .epilogue = "shift",
                      .activation = "relu"},
                     {.threads = static_cast<int>(1 + depth % 3), .offset_bytes = columns % 5});
      }
    }
  }
}

TEST(matvec_kernel, all_roles_of_the_epilogue_count) {
  check_matmul(kernel_matvec,
               {.a = {1, 1, 40}, .b = {40, 50}, .epilogue = "residual scale shift", .activation = "sigmoid"},
               {2, 1});
}

TEST(matvec_kernel, more_than_one_row_is_refused) {
  EXPECT_EQ(refusal_of(kernel_matvec, {{DType::float32, {2, 3}}, {DType::float32, {3, 4}}},
                       {DType::float32, {2, 4}}, {}),
            "y has more than one row");
}

}  // namespace
}  // namespace cornu::kernels
