#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_expand_dims, adds_axes_of_size_one) {
  check_op({"expand_dims",
            {{"axes", Ints{0}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1, 0, 0, 1}, {1, 2, 3})});
  check_op({"expand_dims",
            {{"axes", Ints{-1, 1}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1, 0, 0, 1}, {2, 1, 3, 1})});
  check_op({"expand_dims",
            {{"axes", Ints{}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1, 0, 0, 1}, {2, 3})});
  check_op({"expand_dims", {{"axes", Ints{0}}}, {floats({2.5}, {})}, floats({2.5})});
}

TEST(op_expand_dims, axes_that_cannot_be_are_refused) {
  expect_rejected("expand_dims", {{"axes", Ints{3}}}, {f32_of({2, 3})}, "is 3");
  expect_rejected("expand_dims", {{"axes", Ints{0, -4}}}, {f32_of({2, 3})}, "added twice");
  expect_rejected("expand_dims", {{"axes", Ints{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}}, {f32_of({2, 3})},
                  "more than 10 axes");
}

}  // namespace
}  // namespace cornu::test
