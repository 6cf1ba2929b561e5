#include "support/op_cases.h"

namespace cornu::test {
namespace {

using Text = std::string;

TEST(op_elementwise, steps_follow_each_other) {
  check_op({"elementwise",
            {{"program", Text("mul x0 x1; add t0 x2; clip t1")}, {"2_min", 0.0}, {"2_max", 6.0}},
            {floats({1, 2, 3, -4}, {2, 2}), floats({2, 3}), floats({0.5}, {1})},
            floats({2.5, 6, 6, 0}, {2, 2})});
}

TEST(op_elementwise, a_result_may_be_read_twice_and_an_input_stand_for_two_operands) {
  check_op({"elementwise",
            {{"program", Text("square x0; add t0 t0; sub t1 x0")}},
            {floats({1, -2, 3})},
            floats({1, 10, 15})});
}

TEST(op_elementwise, what_does_not_broadcast_or_work_element_by_element_is_refused) {
  expect_rejected("elementwise", {{"program", Text("add x0 x1")}}, {f32_of({2}), f32_of({3})}, "");
  expect_rejected("elementwise", {{"program", Text("softmax x0")}}, {f32_of({2})}, "softmax",
                  ErrorCode::internal);
  expect_rejected("elementwise", {{"program", Text("neg x1")}}, {f32_of({2})}, "input 1 of 1",
                  ErrorCode::internal);
  expect_rejected("elementwise", {{"program", Text("add x0")}}, {f32_of({2})}, "add", ErrorCode::internal);
}

}  // namespace
}  // namespace cornu::test
