#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_reduce_all, reduces_along_axes) {
  check_op({"reduce_all", {{"axes", Ints{1}}}, {bools({1, 0, 1, 0, 0, 1}, {2, 3})}, bools({0, 0})});
  check_op({"reduce_all",
            {{"axes", Ints{0}}, {"keepdims", true}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({0, 0, 1}, {1, 3})});
  check_op({"reduce_all", {}, {bools({1, 0, 1, 0, 0, 1}, {2, 3})}, bools({0}, {})});
  check_op({"reduce_all", {{"axes", Ints{0}}}, {bools({}, {0, 2})}, bools({1, 1})});
}

TEST(op_reduce_all, numbers_are_refused) {
  expect_rejected("reduce_all", {}, {f32_of({2})}, "bools");
}

}  // namespace
}  // namespace cornu::test
