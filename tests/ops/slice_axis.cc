#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_slice_axis, takes_a_range_of_an_axis) {
  check_op({"slice_axis",
            {{"axis", int64_t{2}}, {"begin", int64_t{1}}, {"size", int64_t{2}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23}, {2, 3, 2})});
  check_op({"slice_axis",
            {{"axis", int64_t{1}}, {"begin", int64_t{2}}, {"size", int64_t{-1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({9, 10, 11, 12, 21, 22, 23, 24}, {2, 1, 4})});
  check_op({"slice_axis",
            {{"axis", int64_t{-3}}, {"begin", int64_t{0}}, {"size", int64_t{2}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                   {2, 3, 4})});
  check_op({"slice_axis",
            {{"axis", int64_t{1}}, {"begin", int64_t{3}}, {"size", int64_t{-1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({}, {2, 0, 4})});
  check_op({"slice_axis",
            {{"axis", int64_t{1}}, {"begin", int64_t{1}}, {"size", int64_t{0}}},
            {ints({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
                  {2, 3, 4}, DType::int16)},
            ints({}, {2, 0, 4}, DType::int16)});
  check_op({"slice_axis",
            {{"axis", int64_t{0}}, {"begin", int64_t{1}}, {"size", int64_t{1}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({0, 0, 1}, {1, 3})});
}

TEST(op_slice_axis, a_slice_past_the_axis_is_refused) {
  expect_rejected("slice_axis", {{"axis", int64_t{1}}, {"begin", int64_t{1}}, {"size", int64_t{3}}},
                  {f32_of({2, 3})}, "reaches past axis 1 of (2, 3)");
  expect_rejected("slice_axis", {{"axis", int64_t{1}}, {"begin", int64_t{4}}, {"size", int64_t{-1}}},
                  {f32_of({2, 3})}, "reaches past");
  expect_rejected("slice_axis", {{"axis", int64_t{1}}, {"begin", int64_t{-1}}, {"size", int64_t{1}}},
                  {f32_of({2, 3})}, "begins at -1");
  expect_rejected("slice_axis", {{"axis", int64_t{1}}, {"begin", int64_t{1}}, {"size", int64_t{-2}}},
                  {f32_of({2, 3})}, "size -2");
  expect_rejected(
      "slice_axis",
      {{"axis", int64_t{1}}, {"begin", int64_t{4611686018427387904}}, {"size", int64_t{4611686018427387904}}},
      {f32_of({2, 3})}, "reaches past");
  expect_rejected("slice_axis", {{"axis", int64_t{2}}, {"begin", int64_t{0}}, {"size", int64_t{1}}},
                  {f32_of({2, 3})}, "is 2");
}

}  // namespace
}  // namespace cornu::test
