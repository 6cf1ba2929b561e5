#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_bincount, counts_along_the_last_axis) {
  check_op({"bincount",
            {{"depth", int64_t{4}}},
            {ints({0, 2, 2, 3, 1, 1}, {2, 3})},
            cast_tensor(ints({1, 0, 2, 0, 0, 2, 0, 1}, {2, 4}), DType::float32)});
}

TEST(op_bincount, binary_says_what_occurs) {
  check_op({"bincount",
            {{"depth", int64_t{3}}, {"binary", true}, {"dtype", DType::int64}},
            {ints({2, 2, 0})},
            ints({1, 0, 1}, {3}, DType::int64)});
}

TEST(op_bincount, what_lies_outside_does_not_count) {
  check_op(
      {"bincount", {{"depth", int64_t{2}}, {"dtype", DType::int32}}, {ints({-1, 2, 1, 100})}, ints({0, 1})});
}

TEST(op_bincount, weights_are_added_up) {
  check_op({"bincount",
            {{"depth", int64_t{3}}},
            {ints({0, 2, 2}), floats({0.5, 1, 0.25})},
            floats({0.5, 0, 1.25})});
}

TEST(op_bincount, an_empty_row_has_no_counts) {
  check_op({"bincount", {{"depth", int64_t{2}}, {"dtype", DType::int32}}, {ints({}, {0})}, ints({0, 0})});
}

TEST(op_bincount, weights_of_another_shape_are_rejected) {
  expect_rejected("bincount", {{"depth", int64_t{3}}}, {i32_of({2, 3}), f32_of({3})}, "same shape");
  expect_rejected("bincount", {{"depth", int64_t{-1}}}, {i32_of({2, 3})}, "depth");
}

}  // namespace
}  // namespace cornu::test
