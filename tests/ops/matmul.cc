#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_matmul, multiplies_matrices) {
  check_op({"matmul",
            {},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4})},
            floats({2.5625, 0.3125, 0, -1.4375, 0.125, 4, -3.625, 0.375}, {2, 4})});
  check_op({"matmul",
            {{"transpose_a", true}},
            {floats({1, -1.5, 0.75, 1, -0.25, 0.5}, {3, 2}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4})},
            floats({2.5625, 0.3125, 0, -1.4375, 0.125, 4, -3.625, 0.375}, {2, 4})});
  check_op({"matmul",
            {{"transpose_b", true}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3}),
             floats({1.75, 1.75, 2, -0.75, 2, 1.75, 1.5, -1.75, 0.75, -1.25, -0.75, -1.5}, {4, 3})},
            floats({2.5625, 0.3125, 0, -1.4375, 0.125, 4, -3.625, 0.375}, {2, 4})});
  check_op({"matmul",
            {{"transpose_a", true}, {"transpose_b", true}},
            {floats({1, -1.5, 0.75, 1, -0.25, 0.5}, {3, 2}),
             floats({1.75, 1.75, 2, -0.75, 2, 1.75, 1.5, -1.75, 0.75, -1.25, -0.75, -1.5}, {4, 3})},
            floats({2.5625, 0.3125, 0, -1.4375, 0.125, 4, -3.625, 0.375}, {2, 4})});
}

TEST(op_matmul, other_axes_broadcast) {
  check_op({"matmul",
            {},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3}),
             floats({-1.25, 0.25, -2, 0.25, -1.25, 1, -1.5, -1.25, -1, 0.25, 1.25, 1}, {2, 3, 2})},
            floats({2.3125, 1, -2.3125, 1.25, 0.375, -0.5625, 0.0625, -0.6875}, {2, 2, 2})});
  check_op({"matmul",
            {},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3}),
             floats({-1.25, 0.25, -2, 0.25, -1.25, 1}, {1, 3, 2})},
            floats({2.3125, 1, -2.3125, 1.25, -2.25, 1.6875, 4.9375, -2.1875}, {2, 2, 2})});
  check_op({"matmul",
            {},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3}),
             floats({-1.25, 0.25, -2, 0.25, -1.25, 1}, {3, 2})},
            floats({2.3125, 1, -2.3125, 1.25, -2.25, 1.6875, 4.9375, -2.1875}, {2, 2, 2})});
  check_op({"matmul",
            {},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1}, {2, 3}),
             floats({-1.25, 0.25, -2, 0.25, -1.25, 1, -1.5, -1.25, -1, 0.25, 1.25, 1}, {2, 3, 2})},
            floats({2.3125, 1, -2.3125, 1.25, 6.1875, 4, -0.375, -0.625}, {2, 2, 2})});
  check_op({"matmul",
            {{"transpose_b", true}},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 1, 2, 3}),
             floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3})},
            floats({8.0625, -0.5, -0.5, 2.625, 0.375, -0.3125, 3.5625, -2.8125, 0.375, 3.5625, -0.3125,
                    -2.8125, 5.0625, -3.5625, -3.5625, 4.625},
                   {2, 2, 2, 2})});
}

TEST(op_matmul, finishes_its_sums) {
  check_op({"matmul",
            {{"epilogue", std::string("shift")}, {"activation", std::string("relu")}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4}),
             floats({-1.25, 1.5, -0.25, 0.5})},
            floats({1.3125, 1.8125, 0, 0, 0, 5.5, 0, 0.875}, {2, 4})});
  check_op({"matmul",
            {{"epilogue", std::string("scale shift residual")}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4}),
             floats({1, 0.75, 0.25, -0.75}), floats({-1.25, 1.5, -0.25, 0.5}),
             floats({-1.75, -0.5, -1.5, -0.5, 1, -0.75, 0.75, -1.5}, {2, 4})},
            floats({-0.4375, 1.234375, -1.75, 1.078125, -0.125, 3.75, -0.40625, -1.28125}, {2, 4})});
  check_op({"matmul",
            {{"epilogue", std::string("shift")},
             {"activation", std::string("leaky_relu")},
             {"activation_slope", 0.25}},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3}),
             floats({-1.25, 0.25, -2, 0.25, -1.25, 1, -1.5, -1.25, -1, 0.25, 1.25, 1}, {2, 3, 2}),
             floats({-1.25, 1.5})},
            floats({1.0625, 2.5, -0.890625, 2.75, -0.21875, 0.9375, -0.296875, 0.8125}, {2, 2, 2})});
}

TEST(op_matmul, empty_axes_are_fine) {
  check_op({"matmul",
            {},
            {floats({}, {0, 3}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4})},
            floats({}, {0, 4})});
  check_op(
      {"matmul", {}, {floats({}, {2, 0}), floats({}, {0, 4})}, floats({0, 0, 0, 0, 0, 0, 0, 0}, {2, 4})});
}

TEST(op_matmul, larger_shapes_agree) {
  check_kernels("matmul", {}, {random_floats({33, 65}, 1), random_floats({65, 47}, 2)});
  check_kernels("matmul", {}, {random_floats({1, 300}, 3), random_floats({300, 129}, 4)});
  check_kernels("matmul", {{"transpose_b", true}},
                {random_floats({2, 3, 17, 20}, 5), random_floats({2, 3, 19, 20}, 6)});
}

TEST(op_matmul, what_does_not_fit_is_refused) {
  expect_rejected("matmul", {}, {f32_of({3}), f32_of({3, 4})}, "both need two axes");
  expect_rejected("matmul", {}, {f32_of({2, 3}), f32_of({4, 4})},
                  "(2, 3) and (4, 4) cannot be multiplied: the inner sizes differ");
  expect_rejected("matmul", {}, {f32_of({2, 2, 3}), f32_of({3, 3, 4})}, "do not broadcast");
  expect_rejected("matmul", {{"epilogue", std::string("scale")}},
                  {f32_of({2, 3}), f32_of({3, 4}), f32_of({3})}, "the scale has shape (3,)");
  expect_rejected("matmul", {}, {i32_of({2, 3}), i32_of({3, 4})}, "floating-point");
  expect_rejected("matmul", {}, {f32_of({1099511627776, 1}), f32_of({1, 1099511627776})}, "64 bits");
}

TEST(op_matmul, unknown_sizes_stay) {
  EXPECT_EQ(infer_op("matmul", {}, {f32_of({Shape::kUnknown, Shape::kUnknown, 3}), f32_of({3, 4})}),
            (f32_of({Shape::kUnknown, Shape::kUnknown, 4})));
}

}  // namespace
}  // namespace cornu::test
