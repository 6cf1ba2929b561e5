#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_einsum, sums_products_as_numpy_does) {
  check_op({"einsum",
            {{"equation", std::string("ab,bc->ac")}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4})},
            floats({2.5625, 0.3125, 0, -1.4375, 0.125, 4, -3.625, 0.375}, {2, 4})});
  check_op({"einsum",
            {{"equation", std::string("ab,bc")}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4})},
            floats({2.5625, 0.3125, 0, -1.4375, 0.125, 4, -3.625, 0.375}, {2, 4})});
  check_op({"einsum",
            {{"equation", std::string("ba")}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3})},
            floats({1, -1.5, 0.75, 1, -0.25, 0.5}, {3, 2})});
  check_op({"einsum",
            {{"equation", std::string("abc,abc->ab")}},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3}),
             floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3})},
            floats({8.0625, 2.625, 5.0625, 4.625}, {2, 2})});
  check_op({"einsum",
            {{"equation", std::string("abc,acd->abd")}},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3}),
             floats({-1.25, 0.25, -2, 0.25, -1.25, 1, -1.5, -1.25, -1, 0.25, 1.25, 1}, {2, 3, 2})},
            floats({2.3125, 1, -2.3125, 1.25, 0.375, -0.5625, 0.0625, -0.6875}, {2, 2, 2})});
  check_op({"einsum",
            {{"equation", std::string("ab->")}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3})},
            floats({1.5}, {})});
  check_op({"einsum",
            {{"equation", std::string("aa->a")}},
            {floats({-1, -0.25, -1, 1.75, -0.25, -0.5, 1.5, 1.25, 1}, {3, 3})},
            floats({-1, -0.25, 1})});
  check_op({"einsum",
            {{"equation", std::string("aa")}},
            {floats({1.75, 1, -0.75, 1.75, -2, 1.5, -0.25, -0.75, -0.0}, {3, 3})},
            floats({-0.25}, {})});
  check_op({"einsum",
            {{"equation", std::string("a,b->ab")}},
            {floats({-0.5, 1.5}), floats({1.25, 1, -1})},
            floats({-0.625, -0.5, 0.5, 1.875, 1.5, -1.5}, {2, 3})});
  check_op({"einsum",
            {{"equation", std::string("ab,bc,cd->ad")}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4}),
             floats({-0.25, -1.75, 1, -1.75, -0.5, -1.5, 1.5, 1.75}, {4, 2})},
            floats({-2.484375, -7.546875, 6.34375, -1.125}, {2, 2})});
  check_op({"einsum",
            {{"equation", std::string("...ab,...bc->...ac")}},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3}),
             floats({-1.25, 0.25, -2, 0.25, -1.25, 1, -1.5, -1.25, -1, 0.25, 1.25, 1}, {2, 3, 2})},
            floats({2.3125, 1, -2.3125, 1.25, 0.375, -0.5625, 0.0625, -0.6875}, {2, 2, 2})});
  check_op({"einsum",
            {{"equation", std::string("...ab,bc->...ac")}},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4})},
            floats({-1.75, 2.5625, 0.0625, 0.625, 3.75, 0.3125, 3.0625, -2.875, 4.3125, 0, 4.6875, -3.5625,
                    -6.5625, -3.8125, -1.5, 4.4375},
                   {2, 2, 4})});
  check_op({"einsum",
            {{"equation", std::string("...a->a...")}},
            {floats({-2, -1, 1.75, 1.25, -0.25, 1, 1.5, -0.75, 1.5, -1, -0.75, -1.75}, {2, 2, 3})},
            floats({-2, 1.25, 1.5, -1, -1, -0.25, -0.75, -0.75, 1.75, 1, 1.5, -1.75}, {3, 2, 2})});
  check_op({"einsum",
            {{"equation", std::string("a...,...a->...")}},
            {floats({-0.75, 1.5, -1.25, 0.75, -1, -0.25}, {2, 3}),
             floats({0.5, -0.5, -1.25, 0.25, 1.25, 2}, {3, 2})},
            floats({-0.75, -2.125, -2.0625})});
  check_op({"einsum",
            {{"equation", std::string("a b , b c -> c a")}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3}),
             floats({1.75, -0.75, 1.5, -1.25, 1.75, 2, -1.75, -0.75, 2, 1.75, 0.75, -1.5}, {3, 4})},
            floats({2.5625, 0.125, 0.3125, 4, 0, -3.625, -1.4375, 0.375}, {4, 2})});
}

TEST(op_einsum, axes_of_size_one_stretch) {
  check_op({"einsum",
            {{"equation", std::string("ab,ab->ab")}},
            {floats({1, 0.75, -0.25, -1.5, 1, 0.5}, {2, 3}), floats({-0.75, -1, -1.75}, {1, 3})},
            floats({-0.75, -0.75, 0.4375, 1.125, -1, -0.875}, {2, 3})});
  check_op({"einsum",
            {{"equation", std::string("...a,...a->...a")}},
            {floats({-1.25, -2, -1, 1, -1.5, 0.5}, {2, 1, 3}),
             floats({-0.75, -1, -0.0, -0.25, -0.25, -1.5, 0.25, 1.5, -2, -1.75, 0.25, -0.75}, {4, 3})},
            floats({0.9375, 2,   0, 0.3125, 0.5,   1.5,   -0.3125, -3,    2,  2.1875, -0.5,   0.75,
                    -0.75,  1.5, 0, -0.25,  0.375, -0.75, 0.25,    -2.25, -1, -1.75,  -0.375, -0.375},
                   {2, 4, 3})});
}

TEST(op_einsum, empty_axes_sum_to_nothing) {
  check_op({"einsum",
            {{"equation", std::string("ab,bc->ac")}},
            {floats({}, {2, 0}), floats({}, {0, 3})},
            floats({0, 0, 0, 0, 0, 0}, {2, 3})});
}

TEST(op_einsum, what_does_not_fit_is_refused) {
  expect_rejected("einsum", {{"equation", std::string("ab,bc->ac")}}, {f32_of({2, 3})}, "more terms");
  expect_rejected("einsum", {{"equation", std::string("ab->a")}}, {f32_of({2, 3}), f32_of({2})},
                  "fewer terms");
  expect_rejected("einsum", {{"equation", std::string("a->a")}}, {f32_of({2, 3})}, "does not name the axes");
  expect_rejected("einsum", {{"equation", std::string("abc->a")}}, {f32_of({2, 3})},
                  "does not name the axes");
  expect_rejected("einsum", {{"equation", std::string("ab->aa")}}, {f32_of({2, 3})}, "twice");
  expect_rejected("einsum", {{"equation", std::string("ab->ac")}}, {f32_of({2, 3})},
                  "axis 'c' that no input has");
  expect_rejected("einsum", {{"equation", std::string("a1->a")}}, {f32_of({2, 3})}, "may hold letters");
  expect_rejected("einsum", {{"equation", std::string("a.->a")}}, {f32_of({2, 3})}, "may hold letters");
  expect_rejected("einsum", {{"equation", std::string("ab,bc->ac")}}, {f32_of({2, 3}), f32_of({4, 5})},
                  "do not broadcast");
  expect_rejected("einsum", {{"equation", std::string("ab->ab->a")}}, {f32_of({2, 3})}, "may hold letters");
  expect_rejected("einsum", {{"equation", std::string("a")}}, {i32_of({2})}, "floating-point");
}

TEST(op_einsum, unknown_sizes_stay) {
  EXPECT_EQ(infer_op("einsum", {{"equation", std::string("abc,cd->abd")}},
                     {f32_of({Shape::kUnknown, Shape::kUnknown, 3}), f32_of({3, 4})}),
            (f32_of({Shape::kUnknown, Shape::kUnknown, 4})));
}

TEST(op_einsum, larger_shapes_agree) {
  check_kernels("einsum", {{"equation", std::string("abc,cd->abd")}},
                {random_floats({3, 7, 20}, 1), random_floats({20, 17}, 2)});
}

}  // namespace
}  // namespace cornu::test
