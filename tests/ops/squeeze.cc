#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_squeeze, drops_axes_of_size_one) {
  check_op({"squeeze", {{"axes", Ints{0, -1}}}, {floats({1, 5, 9}, {1, 3, 1})}, floats({1, 5, 9})});
  check_op({"squeeze",
            {{"axes", Ints{}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                   {2, 3, 4})});
}

TEST(op_squeeze, an_axis_of_another_size_is_refused) {
  expect_rejected("squeeze", {{"axes", Ints{1}}}, {f32_of({1, 3})}, "axis 1 of (1, 3)");
  expect_rejected("squeeze", {{"axes", Ints{2}}}, {f32_of({1, 3})}, "is 2");
}

TEST(op_squeeze, an_unknown_size_may_be_one) {
  EXPECT_EQ(infer_op("squeeze", {{"axes", Ints{0}}}, {f32_of({Shape::kUnknown, 3})}), (f32_of({3})));
}

}  // namespace
}  // namespace cornu::test
