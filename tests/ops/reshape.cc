#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_reshape, gives_the_same_elements_another_shape) {
  check_op({"reshape",
            {{"shape", Ints{4, 6}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                   {4, 6})});
  check_op({"reshape",
            {{"shape", Ints{0, -1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                   {2, 12})});
  check_op(
      {"reshape", {{"shape", Ints{-1}}}, {bools({1, 0, 1, 0, 0, 1}, {2, 3})}, bools({1, 0, 1, 0, 0, 1})});
  check_op({"reshape", {{"shape", Ints{}}}, {floats({2.5})}, floats({2.5}, {})});
  check_op({"reshape", {{"shape", Ints{0, -1}}}, {floats({}, {0, 2, 3})}, floats({}, {0, 6})});
}

TEST(op_reshape, unknown_sizes_cancel) {
  EXPECT_EQ(infer_op("reshape", {{"shape", Ints{0, -1}}}, {f32_of({Shape::kUnknown, 4, 4})}),
            (f32_of({Shape::kUnknown, 16})));
  EXPECT_EQ(infer_op("reshape", {{"shape", Ints{-1, 4}}}, {f32_of({Shape::kUnknown, 4})}),
            (f32_of({Shape::kUnknown, 4})));
}

TEST(op_reshape, counts_that_differ_are_refused) {
  expect_rejected("reshape", {{"shape", Ints{5, 5}}}, {f32_of({4, 6})}, "24 elements");
  expect_rejected("reshape", {{"shape", Ints{-1, -1}}}, {f32_of({4, 6})}, "more than one");
  expect_rejected("reshape", {{"shape", Ints{-1, 5}}}, {f32_of({4, 6})}, "do not fit");
  expect_rejected("reshape", {{"shape", Ints{4, 6, 0}}}, {f32_of({4, 6})}, "copies axis 2");
  expect_rejected("reshape", {{"shape", Ints{-4, -6}}}, {f32_of({4, 6})}, "a size of -4");
  expect_rejected("reshape", {{"shape", Ints{0, -1}}, {"allow_zero", true}}, {f32_of({4, 6})}, "24 elements");
  expect_rejected("reshape", {}, {f32_of({4}), f32_of({1})}, "integers are needed");
}

TEST(op_reshape, the_shape_may_be_a_tensor) {
  EXPECT_EQ(run_op("reshape", {}, {floats({1, 2, 3, 4}), ints({2, -1})}).shape, Shape({2, 2}));
  EXPECT_EQ(infer_op("reshape", {}, {f32_of({4}), i32_of({2})}).shape,
            Shape({Shape::kUnknown, Shape::kUnknown}));
  expect_rejected("reshape", {}, {f32_of({4}), i32_of({Shape::kUnknown})}, "the number of axes");
}

}  // namespace
}  // namespace cornu::test
