#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_transpose, moves_axes_as_numpy_does) {
  check_op({"transpose",
            {{"permutation", Ints{2, 0, 1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23, 4, 8, 12, 16, 20, 24},
                   {4, 2, 3})});
  check_op({"transpose",
            {{"permutation", Ints{0, -1, 1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12, 13, 17, 21, 14, 18, 22, 15, 19, 23, 16, 20, 24},
                   {2, 4, 3})});
  check_op({"transpose",
            {{"permutation", Ints{0, 1, 2}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                   {2, 3, 4})});
  check_op({"transpose",
            {{"permutation", Ints{2, 1, 0}}},
            {ints({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
                  {2, 3, 4}, DType::int16)},
            ints({0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23},
                 {4, 3, 2}, DType::int16)});
  check_op({"transpose",
            {{"permutation", Ints{1, 0}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 0, 0, 1, 1}, {3, 2})});
  check_op({"transpose", {{"permutation", Ints{}}}, {floats({3}, {})}, floats({3}, {})});
  check_op({"transpose", {{"permutation", Ints{1, 0}}}, {floats({}, {0, 3})}, floats({}, {3, 0})});
}

TEST(op_transpose, twice_gives_the_original_for_large_tensors) {
  const Tensor x = random_floats({7, 64, 3, 129}, 1);
  const Tensor y = check_kernels("transpose", {{"permutation", Ints{0, 2, 3, 1}}}, {x});
  const Tensor z = run_op("transpose", {{"permutation", Ints{0, 3, 1, 2}}}, {y});
  EXPECT_EQ(to_doubles(z), to_doubles(x));
}

TEST(op_transpose, what_is_no_permutation_is_refused) {
  expect_rejected("transpose", {{"permutation", Ints{0}}}, {f32_of({2, 3})}, "1 axes, the tensor 2");
  expect_rejected("transpose", {{"permutation", Ints{0, 0}}}, {f32_of({2, 3})}, "twice");
  expect_rejected("transpose", {{"permutation", Ints{0, 2}}}, {f32_of({2, 3})}, "is 2");
}

}  // namespace
}  // namespace cornu::test
