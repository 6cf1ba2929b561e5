#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_argsort, sorts_and_keeps_the_order_of_equals) {
  check_op({"argsort",
            {},
            {floats({3, 1, 2, 1, kNan, -1, kInfinity, kNan, 0, 0, 0, 0}, {3, 4})},
            ints({1, 3, 2, 0, 1, 2, 0, 3, 0, 1, 2, 3}, {3, 4}, DType::int64)});
  check_op({"argsort",
            {{"axis", int64_t{0}}, {"dtype", DType::int32}},
            {floats({3, 1, 2, 1, kNan, -1, kInfinity, kNan}, {2, 4})},
            ints({0, 1, 0, 0, 1, 0, 1, 1}, {2, 4})});
  check_op({"argsort",
            {{"descending", true}},
            {floats({1, 3, kNan, 3, 2})},
            ints({1, 3, 4, 0, 2}, {5}, DType::int64)});
  check_op({"argsort", {}, {ints({200, 3, 100}, {3}, DType::uint8)}, ints({1, 2, 0}, {3}, DType::int64)});
  check_op({"argsort", {{"axis", int64_t{0}}}, {floats({}, {0, 2})}, ints({}, {0, 2}, DType::int64)});
}

TEST(op_argsort, what_does_not_fit_is_refused) {
  expect_rejected("argsort", {}, {f32_of({})}, "0 axes");
  expect_rejected("argsort", {{"axis", int64_t{1}}}, {f32_of({2})}, "is 1");
  expect_rejected("argsort", {}, {{DType::boolean, {2}}}, "real numbers");
  expect_rejected("argsort", {{"dtype", DType::float32}}, {f32_of({2})}, "float32");
}

}  // namespace
}  // namespace cornu::test
