#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_gather, picks_slices) {
  check_op({"gather",
            {},
            {floats({-0.25, 0, 0.25, 2, 1.125, 0.5, 2, -1.125, -1.375, 0.5, -1.875, -1.875, 0, -0.125, 1.625},
                    {5, 3}),
             ints({4, 0, 0})},
            floats({0, -0.125, 1.625, -0.25, 0, 0.25, -0.25, 0, 0.25}, {3, 3})});
  check_op({"gather",
            {{"axis", int64_t{1}}},
            {floats({-0.25, 0, 0.25, 2, 1.125, 0.5, 2, -1.125, -1.375, 0.5, -1.875, -1.875, 0, -0.125, 1.625},
                    {5, 3}),
             ints({2, 1, 0, 0}, {2, 2}, DType::int64)},
            floats({0.25, 0, -0.25,  -0.25,  0.5, 1.125, 2,     2,      -1.375, -1.125,
                    2,    2, -1.875, -1.875, 0.5, 0.5,   1.625, -0.125, 0,      0},
                   {5, 2, 2})});
  check_op({"gather",
            {{"axis", int64_t{-1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4}),
             ints({3}, {1}, DType::uint8)},
            floats({4, 8, 12, 16, 20, 24}, {2, 3, 1})});
  check_op({"gather",
            {},
            {floats({-0.25, 0, 0.25, 2, 1.125, 0.5, 2, -1.125, -1.375, 0.5, -1.875, -1.875, 0, -0.125, 1.625},
                    {5, 3}),
             ints({2}, {})},
            floats({2, -1.125, -1.375})});
  check_op({"gather",
            {{"axis", int64_t{2}}, {"batch_dims", int64_t{1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4}),
             ints({2, 0, 1, 1}, {2, 2})},
            floats({3, 1, 7, 5, 11, 9, 14, 14, 18, 18, 22, 22}, {2, 3, 2})});
  check_op({"gather",
            {{"axis", int64_t{1}}, {"batch_dims", int64_t{1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4}),
             ints({2, 0, 1, 1}, {2, 2})},
            floats({9, 10, 11, 12, 1, 2, 3, 4, 17, 18, 19, 20, 17, 18, 19, 20}, {2, 2, 4})});
  check_op({"gather",
            {{"axis", int64_t{1}}, {"batch_dims", int64_t{1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4}),
             ints({2, 0})},
            floats({9, 10, 11, 12, 13, 14, 15, 16}, {2, 4})});
  check_op({"gather", {}, {bools({1, 0, 1, 0, 0, 1}, {2, 3}), ints({1})}, bools({0, 0, 1}, {1, 3})});
  check_op({"gather",
            {},
            {floats({-0.25, 0, 0.25, 2, 1.125, 0.5, 2, -1.125, -1.375, 0.5, -1.875, -1.875, 0, -0.125, 1.625},
                    {5, 3}),
             ints({}, {0})},
            floats({}, {0, 3})});
}

TEST(op_gather, an_index_outside_is_refused_when_known_and_moved_inside_when_not) {
  const Tensor x = floats({1, 2, 3});
  const Tensor indices = ints({-5, 9, 1});
  EXPECT_THROW(run_op("gather", {}, {x, indices}), Error);
  EXPECT_EQ(infer_op("gather", {}, {{DType::float64, {3}}, i32_of({3})}).shape, Shape({3}));
}

TEST(op_gather, what_does_not_fit_is_refused) {
  expect_rejected("gather", {}, {f32_of({3}), f32_of({1})}, "integers are needed");
  expect_rejected("gather", {}, {f32_of({}), i32_of({1})}, "a scalar");
  expect_rejected("gather", {{"batch_dims", int64_t{1}}}, {f32_of({3, 2}), i32_of({3})}, "batch_dims is 1");
  expect_rejected("gather", {{"axis", int64_t{1}}, {"batch_dims", int64_t{1}}},
                  {f32_of({3, 2}), i32_of({2, 2})}, "batch axis 0");
  expect_rejected("gather", {{"axis", int64_t{1}}}, {f32_of({3}), i32_of({1})}, "axis is 1");
  expect_rejected("gather", {}, {f32_of({0}), i32_of({1})}, "is empty");
}

}  // namespace
}  // namespace cornu::test
