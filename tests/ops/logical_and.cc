#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_logical_and, follows_its_truth_table) {
  check_op({"logical_and", {}, {bools({1, 0}, {2, 1}), bools({1, 0})}, bools({1, 0, 0, 0}, {2, 2})});
}

TEST(op_logical_and, numbers_are_refused) {
  expect_rejected("logical_and", {}, {f32_of({2}), f32_of({2})}, "bools");
}

}  // namespace
}  // namespace cornu::test
