#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_one_hot, marks_the_index) {
  check_op({"one_hot",
            {{"depth", int64_t{3}}, {"dtype", DType::int32}},
            {ints({2, 0, -1, 3})},
            ints({0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, {4, 3})});
  check_op(
      {"one_hot",
       {{"depth", int64_t{2}}, {"dtype", DType::float64}, {"axis", int64_t{0}}, {"on", 2.5}, {"off", -1.0}},
       {ints({0, 1, 1, 0}, {2, 2}, DType::int64)},
       floats({2.5, -1, -1, 2.5, -1, 2.5, 2.5, -1}, {2, 2, 2})});
  check_op({"one_hot", {{"depth", int64_t{2}}, {"dtype", DType::boolean}}, {ints({1}, {})}, bools({0, 1})});
  check_op({"one_hot",
            {{"depth", int64_t{2}}, {"dtype", DType::int64}, {"axis", int64_t{1}}},
            {ints({1})},
            ints({0, 1}, {1, 2}, DType::int64)});
  check_op({"one_hot",
            {{"depth", int64_t{0}}, {"dtype", DType::int64}},
            {ints({1})},
            ints({}, {1, 0}, DType::int64)});
}

TEST(op_one_hot, what_does_not_fit_is_refused) {
  expect_rejected("one_hot", {{"depth", int64_t{-1}}, {"dtype", DType::float32}}, {i32_of({2})},
                  "depth of one_hot is -1");
  expect_rejected("one_hot", {{"depth", int64_t{2}}, {"dtype", DType::float32}}, {f32_of({2})},
                  "indices must be integers");
  expect_rejected("one_hot", {{"depth", int64_t{2}}, {"dtype", DType::string}}, {i32_of({2})}, "string");
  expect_rejected("one_hot", {{"depth", int64_t{2}}, {"dtype", DType::float32}, {"axis", int64_t{2}}},
                  {i32_of({2})}, "axis is 2");
  expect_rejected("one_hot", {{"depth", int64_t{4611686018427387904}}, {"dtype", DType::float32}},
                  {i32_of({4})}, "64 bits");
}

}  // namespace
}  // namespace cornu::test
