#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_select, takes_a_where_the_condition_holds) {
  check_op({"select", {}, {bools({1, 0, 1}), floats({1, 2, 3}), floats({4, 5, 6})}, floats({1, 5, 3})});
  check_op({"select",
            {},
            {bools({1, 0}, {2, 1}), floats({1, kNan}), floats({7}, {})},
            floats({1, kNan, 7, 7}, {2, 2})});
  check_op({"select",
            {},
            {bools({1, 0, 1}), ints({1, 2, 3}, {3}, DType::int64), ints({-1, -2, -3}, {3}, DType::int64)},
            ints({1, -2, 3}, {3}, DType::int64)});
  check_op({"select", {}, {bools({1, 0, 1}), bools({1, 0, 1}), bools({0, 1, 0})}, bools({1, 1, 1})});
}

TEST(op_select, types_that_do_not_fit_are_refused) {
  expect_rejected("select", {}, {f32_of({2}), f32_of({2}), f32_of({2})}, "must be bool");
  expect_rejected("select", {}, {{DType::boolean, {2}}, f32_of({2}), i32_of({2})}, "one type");
  expect_rejected("select", {}, {{DType::boolean, {2}}, f32_of({3}), f32_of({3})}, "do not broadcast");
}

}  // namespace
}  // namespace cornu::test
