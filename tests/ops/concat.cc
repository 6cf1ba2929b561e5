#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_concat, joins_along_an_axis) {
  check_op(
      {"concat",
       {{"axis", int64_t{1}}},
       {floats({0.5, 1.625, 1.125, -1.125}, {2, 2}), floats({-0.75, 1.5, -2, 1.25, 1.25, -0.125}, {2, 3})},
       floats({0.5, 1.625, -0.75, 1.5, -2, 1.125, -1.125, 1.25, 1.25, -0.125}, {2, 5})});
  check_op({"concat",
            {{"axis", int64_t{-2}}},
            {floats({0.5, 1.625, 1.125, -1.125}, {2, 2}), floats({0.5, 1.625}, {1, 2})},
            floats({0.5, 1.625, 1.125, -1.125, 0.5, 1.625}, {3, 2})});
  check_op({"concat",
            {{"axis", int64_t{0}}},
            {floats({0.5, 1.625, 1.125, -1.125}, {2, 2})},
            floats({0.5, 1.625, 1.125, -1.125}, {2, 2})});
  check_op({"concat",
            {{"axis", int64_t{1}}},
            {ints({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
                  {2, 3, 4}, DType::int16),
             ints({0, 1, 2, 3, 12, 13, 14, 15}, {2, 1, 4}, DType::int16)},
            ints({0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 0,  1,  2,  3,
                  12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 12, 13, 14, 15},
                 {2, 4, 4}, DType::int16)});
  check_op({"concat",
            {{"axis", int64_t{1}}},
            {floats({0.5, 1.625, 1.125, -1.125}, {2, 2}), floats({}, {2, 0}),
             floats({-0.75, 1.5, -2, 1.25, 1.25, -0.125}, {2, 3})},
            floats({0.5, 1.625, -0.75, 1.5, -2, 1.125, -1.125, 1.25, 1.25, -0.125}, {2, 5})});
  check_op({"concat",
            {{"axis", int64_t{0}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3}), bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1}, {4, 3})});
}

TEST(op_concat, tensors_that_do_not_fit_are_refused) {
  expect_rejected("concat", {{"axis", int64_t{1}}}, {f32_of({2, 2}), f32_of({3, 2})},
                  "cannot be joined along axis 1");
  expect_rejected("concat", {{"axis", int64_t{0}}}, {f32_of({2}), i32_of({2})},
                  "float32 (2,) and int32 (2,)");
  expect_rejected("concat", {{"axis", int64_t{0}}}, {f32_of({2}), f32_of({2, 1})}, "cannot be joined");
  expect_rejected("concat", {{"axis", int64_t{2}}}, {f32_of({2, 2})}, "is 2");
  expect_rejected("concat", {{"axis", int64_t{0}}},
                  {f32_of({4611686018427387904}), f32_of({4611686018427387904})}, "cannot be joined");
}

TEST(op_concat, unknown_sizes_spread_and_meet_known_ones) {
  EXPECT_EQ(infer_op("concat", {{"axis", int64_t{1}}},
                     {f32_of({Shape::kUnknown, 2}), f32_of({4, Shape::kUnknown})}),
            (f32_of({4, Shape::kUnknown})));
}

TEST(op_concat, larger_shapes_agree) {
  check_kernels(
      "concat", {{"axis", int64_t{3}}},
      {random_floats({2, 7, 5, 33}, 1), random_floats({2, 7, 5, 3}, 2), random_floats({2, 7, 5, 16}, 3)});
}

}  // namespace
}  // namespace cornu::test
