#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_tile, repeats_the_whole) {
  check_op({"tile",
            {{"multiples", Ints{2, 1, 3}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1,  2,  3,  4,  1,  2,  3,  4,  1,  2,  3,  4,  5,  6,  7,  8,  5,  6,  7,  8,  5,
                    6,  7,  8,  9,  10, 11, 12, 9,  10, 11, 12, 9,  10, 11, 12, 13, 14, 15, 16, 13, 14,
                    15, 16, 13, 14, 15, 16, 17, 18, 19, 20, 17, 18, 19, 20, 17, 18, 19, 20, 21, 22, 23,
                    24, 21, 22, 23, 24, 21, 22, 23, 24, 1,  2,  3,  4,  1,  2,  3,  4,  1,  2,  3,  4,
                    5,  6,  7,  8,  5,  6,  7,  8,  5,  6,  7,  8,  9,  10, 11, 12, 9,  10, 11, 12, 9,
                    10, 11, 12, 13, 14, 15, 16, 13, 14, 15, 16, 13, 14, 15, 16, 17, 18, 19, 20, 17, 18,
                    19, 20, 17, 18, 19, 20, 21, 22, 23, 24, 21, 22, 23, 24, 21, 22, 23, 24},
                   {4, 3, 12})});
  check_op({"tile",
            {{"multiples", Ints{1, 2}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1}, {2, 6})});
  check_op({"tile",
            {{"multiples", Ints{0, 1, 1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({}, {0, 3, 4})});
  check_op({"tile", {{"multiples", Ints{2, 2}}}, {floats({}, {0, 2})}, floats({}, {0, 4})});
}

TEST(op_tile, impossible_counts_are_refused) {
  expect_rejected("tile", {{"multiples", Ints{-1}}}, {f32_of({2})}, "multiples holds -1");
  expect_rejected("tile", {{"multiples", Ints{1, 1}}}, {f32_of({2})}, "2 entries, 1 are needed");
  expect_rejected("tile", {{"multiples", Ints{4611686018427387904}}}, {f32_of({4})}, "64 bits");
  expect_rejected("tile", {{"multiples", Ints{1099511627776, 1099511627776}}}, {f32_of({4, 4})}, "64 bits");
}

}  // namespace
}  // namespace cornu::test
