#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_sparsemax, gives_what_keras_gives) {
  check_op({"sparsemax",
            {},
            {floats({1, 1, 3, 1, 0.5, 0.25, -1, -1.125}, {4, 2})},
            floats({0, 0, 1, 0, 0.375, 0.125, 1.0625, 0.9375}, {4, 2})});
  check_op({"sparsemax",
            {{"axis", int64_t{0}}},
            {floats({0.5, 1.875, -0.625, -0.375, -1.25, -1.75, -1.125, 1.625, 1.375, -1.5, 0.375, -0.125},
                    {3, 4})},
            floats({0, 1, 0, 0, 0, 0, 0, 1, 0.25, 0, 1, 0}, {3, 4})});
  check_op({"sparsemax",
            {},
            {floats({0.375, 0.625, -0.75, 1.875, -0.125, 0.5, 0.5, -1.25, -1.75, -0.375, 1, 1.25}, {3, 4})},
            floats({0, 0, 0, 1, 0, 0.25, 0.25, 0, 0, 0, 0, 0}, {3, 4})});
}

TEST(op_sparsemax, what_does_not_fit_is_refused) {
  expect_rejected("sparsemax", {}, {i32_of({2})}, "floating-point");
  expect_rejected("sparsemax", {}, {f32_of({})}, "scalar");
}

}  // namespace
}  // namespace cornu::test
