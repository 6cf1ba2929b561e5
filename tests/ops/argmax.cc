#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_argmax, finds_the_first) {
  check_op({"argmax",
            {{"axis", int64_t{1}}},
            {floats({1, 3, 3, -2, -5, -5, kNan, 1, 2, 1, kNan, kNan}, {4, 3})},
            ints({1, 0, 0, 1}, {4}, DType::int64)});
  check_op({"argmax",
            {{"axis", int64_t{-2}}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            ints({2, 2, 2, 2, 2, 2, 2, 2}, {2, 4}, DType::int64)});
  check_op({"argmax",
            {{"axis", int64_t{0}}, {"keepdims", true}, {"dtype", DType::int32}},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            ints({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 3, 4})});
  check_op({"argmax",
            {{"axis", int64_t{0}}},
            {ints({3, 200, 200, 1, 1}, {5}, DType::uint8)},
            ints({1}, {}, DType::int64)});
}

TEST(op_argmax, what_does_not_fit_is_refused) {
  expect_rejected("argmax", {{"axis", int64_t{1}}}, {f32_of({2, 0})}, "is empty");
  expect_rejected("argmax", {{"axis", int64_t{2}}}, {f32_of({2, 3})}, "is 2");
  expect_rejected("argmax", {{"axis", int64_t{0}}, {"dtype", DType::float32}}, {f32_of({2})}, "float32");
  expect_rejected("argmax", {{"axis", int64_t{0}}}, {{DType::boolean, {2}}}, "real numbers");
}

}  // namespace
}  // namespace cornu::test
