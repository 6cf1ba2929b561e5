#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_repeat, repeats_each_element) {
  check_op({"repeat",
            {{"axis", int64_t{1}}, {"repeats", int64_t{2}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1,  2,  3,  4,  1,  2,  3,  4,  5,  6,  7,  8,  5,  6,  7,  8,
                    9,  10, 11, 12, 9,  10, 11, 12, 13, 14, 15, 16, 13, 14, 15, 16,
                    17, 18, 19, 20, 17, 18, 19, 20, 21, 22, 23, 24, 21, 22, 23, 24},
                   {2, 6, 4})});
  check_op(
      {"repeat",
       {{"axis", int64_t{-1}}, {"repeats", int64_t{3}}},
       {ints({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
             {2, 3, 4}, DType::int16)},
       ints({0,  0,  0,  1,  1,  1,  2,  2,  2,  3,  3,  3,  4,  4,  4,  5,  5,  5,  6,  6,  6,  7,  7,  7,
             8,  8,  8,  9,  9,  9,  10, 10, 10, 11, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 15,
             16, 16, 16, 17, 17, 17, 18, 18, 18, 19, 19, 19, 20, 20, 20, 21, 21, 21, 22, 22, 22, 23, 23, 23},
            {2, 3, 12}, DType::int16)});
  check_op({"repeat",
            {{"axis", int64_t{0}}, {"repeats", int64_t{0}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({}, {0, 3, 4})});
  check_op({"repeat",
            {{"axis", int64_t{0}}, {"repeats", int64_t{1}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1, 0, 0, 1}, {2, 3})});
}

TEST(op_repeat, impossible_counts_are_refused) {
  expect_rejected("repeat", {{"axis", int64_t{0}}, {"repeats", int64_t{-1}}}, {f32_of({2})}, "repeats is -1");
  expect_rejected("repeat", {{"axis", int64_t{1}}, {"repeats", int64_t{1}}}, {f32_of({2})}, "is 1");
  expect_rejected("repeat", {{"axis", int64_t{0}}, {"repeats", int64_t{4611686018427387904}}}, {f32_of({4})},
                  "64 bits");
}

}  // namespace
}  // namespace cornu::test
