#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_reduce_any, reduces_along_axes) {
  check_op({"reduce_any", {{"axes", Ints{1}}}, {bools({1, 0, 1, 0, 0, 1}, {2, 3})}, bools({1, 1})});
  check_op({"reduce_any",
            {{"axes", Ints{0}}, {"keepdims", true}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1}, {1, 3})});
  check_op({"reduce_any", {}, {bools({1, 0, 1, 0, 0, 1}, {2, 3})}, bools({1}, {})});
  check_op({"reduce_any", {{"axes", Ints{0}}}, {bools({}, {0, 2})}, bools({0, 0})});
}

TEST(op_reduce_any, numbers_are_refused) {
  expect_rejected("reduce_any", {}, {f32_of({2})}, "bools");
}

}  // namespace
}  // namespace cornu::test
