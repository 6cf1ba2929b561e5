#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_broadcast_to, stretches_axes_of_size_one) {
  check_op({"broadcast_to",
            {{"shape", Ints{2, 3, 4}}},
            {floats({-0.75, -0.875, -1}, {3, 1})},
            floats({-0.75, -0.75, -0.75, -0.75, -0.875, -0.875, -0.875, -0.875, -1, -1, -1, -1,
                    -0.75, -0.75, -0.75, -0.75, -0.875, -0.875, -0.875, -0.875, -1, -1, -1, -1},
                   {2, 3, 4})});
  check_op({"broadcast_to",
            {{"shape", Ints{-1, 2}}},
            {floats({-0.75, -0.875, -1}, {3, 1})},
            floats({-0.75, -0.75, -0.875, -0.875, -1, -1}, {3, 2})});
  check_op({"broadcast_to",
            {{"shape", Ints{0, 2}}},
            {floats({-0.75, -0.875, -1}, {3, 1})},
            floats({-0.75, -0.75, -0.875, -0.875, -1, -1}, {3, 2})});
  check_op({"broadcast_to", {{"shape", Ints{2, 2}}}, {floats({3}, {})}, floats({3, 3, 3, 3}, {2, 2})});
  check_op({"broadcast_to",
            {{"shape", Ints{2, 2, 3}}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1}, {2, 2, 3})});
}

TEST(op_broadcast_to, shapes_that_do_not_fit_are_refused) {
  expect_rejected("broadcast_to", {{"shape", Ints{2}}}, {f32_of({3})}, "axis 0 is 3, not 1");
  expect_rejected("broadcast_to", {{"shape", Ints{2}}}, {f32_of({1, 2})}, "(1, 2) cannot be broadcast");
  expect_rejected("broadcast_to", {{"shape", Ints{-1, 2}}}, {f32_of({2})}, "missing or negative");
  expect_rejected("broadcast_to", {{"shape", Ints{-2}}}, {f32_of({2})}, "missing or negative");
  expect_rejected("broadcast_to", {{"shape", Ints{1099511627776, 1099511627776}}}, {f32_of({1})}, "64 bits");
}

}  // namespace
}  // namespace cornu::test
