#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_reverse, turns_axes_around) {
  check_op({"reverse",
            {{"axes", Ints{1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({9, 10, 11, 12, 5, 6, 7, 8, 1, 2, 3, 4, 21, 22, 23, 24, 17, 18, 19, 20, 13, 14, 15, 16},
                   {2, 3, 4})});
  check_op({"reverse",
            {{"axes", Ints{-1, 0}}},
            {ints({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
                  {2, 3, 4}, DType::int16)},
            ints({15, 14, 13, 12, 19, 18, 17, 16, 23, 22, 21, 20, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8},
                 {2, 3, 4}, DType::int16)});
  check_op({"reverse",
            {{"axes", Ints{}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                   {2, 3, 4})});
  check_op({"reverse", {{"axes", Ints{0}}}, {floats({}, {0, 2})}, floats({}, {0, 2})});
}

TEST(op_reverse, an_axis_that_is_not_there_is_refused) {
  expect_rejected("reverse", {{"axes", Ints{2}}}, {f32_of({2, 3})}, "is 2");
}

}  // namespace
}  // namespace cornu::test
