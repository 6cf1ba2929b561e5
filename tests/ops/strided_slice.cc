#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_strided_slice, slices_as_python_does) {
  check_op({"strided_slice",
            {{"begin", Ints{0, 1}},
             {"end", Ints{0, 3}},
             {"strides", Ints{1, 1}},
             {"begin_absent", Ints{1, 0}},
             {"end_absent", Ints{1, 0}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({5, 6, 7, 8, 9, 10, 11, 12, 17, 18, 19, 20, 21, 22, 23, 24}, {2, 2, 4})});
  check_op({"strided_slice",
            {{"begin", Ints{0, 0, 0}},
             {"end", Ints{0, 0, 0}},
             {"strides", Ints{1, -1, -2}},
             {"begin_absent", Ints{1, 1, 1}},
             {"end_absent", Ints{1, 1, 1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({12, 10, 8, 6, 4, 2, 24, 22, 20, 18, 16, 14}, {2, 3, 2})});
  check_op({"strided_slice",
            {{"begin", Ints{-1}}, {"end", Ints{0}}, {"strides", Ints{1}}, {"drop_axis", Ints{1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24}, {3, 4})});
  check_op({"strided_slice",
            {{"begin", Ints{0, 0, -3}},
             {"end", Ints{0, 0, -1}},
             {"strides", Ints{1, 1, 1}},
             {"begin_absent", Ints{1, 0, 0}},
             {"end_absent", Ints{1, 0, 0}},
             {"new_axis", Ints{0, 1, 0}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16, 17, 18, 19, 20}, {2, 1, 2, 4})});
  check_op({"strided_slice",
            {{"begin", Ints{0, 3}},
             {"end", Ints{100, 0}},
             {"strides", Ints{1, -2}},
             {"begin_absent", Ints{0, 0}},
             {"end_absent", Ints{0, 0}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({9, 10, 11, 12, 21, 22, 23, 24}, {2, 1, 4})});
  check_op({"strided_slice",
            {{"begin", Ints{5}}, {"end", Ints{9}}, {"strides", Ints{1}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({}, {0, 3, 4})});
  check_op({"strided_slice",
            {{"begin", Ints{1}}, {"end", Ints{0}}, {"strides", Ints{1}}},
            {ints({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
                  {2, 3, 4}, DType::int16)},
            ints({}, {0, 3, 4}, DType::int16)});
  check_op({"strided_slice",
            {{"begin", Ints{-100}}, {"end", Ints{100}}, {"strides", Ints{4611686018427387904}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {1, 3, 4})});
  check_op({"strided_slice",
            {{"begin", Ints{}}, {"end", Ints{}}, {"strides", Ints{}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1, 0, 0, 1}, {2, 3})});
}

TEST(op_strided_slice, impossible_slices_are_refused) {
  expect_rejected("strided_slice", {{"begin", Ints{0}}, {"end", Ints{1}}, {"strides", Ints{0}}},
                  {f32_of({2, 3})}, "stride 0");
  expect_rejected("strided_slice",
                  {{"begin", Ints{2}}, {"end", Ints{0}}, {"strides", Ints{1}}, {"drop_axis", Ints{1}}},
                  {f32_of({2, 3})}, "index 2 is outside axis 0 of size 2");
  expect_rejected("strided_slice",
                  {{"begin", Ints{-3}}, {"end", Ints{0}}, {"strides", Ints{1}}, {"drop_axis", Ints{1}}},
                  {f32_of({2, 3})}, "index -3");
  expect_rejected("strided_slice",
                  {{"begin", Ints{0, 0, 0}}, {"end", Ints{1, 1, 1}}, {"strides", Ints{1, 1, 1}}},
                  {f32_of({2, 3})}, "more entries than the 2 axes");
  expect_rejected("strided_slice", {{"begin", Ints{0}}, {"end", Ints{1, 2}}, {"strides", Ints{1}}},
                  {f32_of({2, 3})}, "end has 2 entries");
  expect_rejected("strided_slice",
                  {{"begin", Ints{0}}, {"end", Ints{1}}, {"strides", Ints{1}}, {"new_axis", Ints{2}}},
                  {f32_of({2, 3})}, "new_axis holds 2");
}

}  // namespace
}  // namespace cornu::test
