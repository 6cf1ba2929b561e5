#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_logical_not, turns_truth_around) {
  check_op({"logical_not", {}, {bools({1, 0})}, bools({0, 1})});
}

TEST(op_logical_not, numbers_are_refused) {
  expect_rejected("logical_not", {}, {f32_of({2})}, "bools");
}

}  // namespace
}  // namespace cornu::test
