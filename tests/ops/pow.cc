#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_pow, broadcasts_as_numpy_does) {
  check_op({"pow",
            {},
            {floats({1.5, 2, 0, 4, 7.25, 3}, {2, 3}), floats({2, -3, 0.5})},
            floats({2.25, 0.125, 0, 16, 0.002624133830825372, 1.7320508075688772}, {2, 3})});
  check_op({"pow",
            {},
            {floats({1.5, 2, 0, 4, 7.25, 3}, {2, 3}), floats({2}, {})},
            floats({2.25, 4, 0, 16, 52.5625, 9}, {2, 3})});
  check_op({"pow",
            {},
            {floats({3}, {}), floats({1.5, 2, 0, 4, 7.25, 3}, {2, 3})},
            floats({5.196152422706632, 9, 1, 81, 2878.253866327101, 27}, {2, 3})});
}

TEST(op_pow, larger_shapes_agree) {
  check_kernels("pow", {}, {random_floats({2, 7, 33}, 1, 0.5, 4), random_floats({33}, 2, 0.5, 4)});
  check_kernels("pow", {}, {random_floats({2, 7, 33}, 3, 0.5, 4), random_floats({2, 7, 33}, 4, 0.5, 4)});
  check_kernels("pow", {}, {random_floats({2, 1, 33}, 5, 0.5, 4), random_floats({7, 1}, 6, 0.5, 4)});
}

TEST(op_pow, integers_wrap_around_and_cut_negative_powers) {
  check_op({"pow",
            {},
            {ints({2, -3, 7, 2, -1, -1, 1, 0, 0}), ints({10, 3, 0, -1, -3, -2, -5, -1, 0})},
            ints({1024, -27, 1, 0, -1, 1, 1, 0, 1})});
  check_op({"pow", {}, {ints({2}), ints({32})}, ints({0})});
  check_op({"pow",
            {},
            {ints({3}, {1}, DType::uint8), ints({5}, {1}, DType::uint8)},
            ints({243}, {1}, DType::uint8)});
}

TEST(op_pow, shapes_and_types_that_do_not_fit_are_refused) {
  expect_rejected("pow", {}, {f32_of({2}), f32_of({3})}, "(2,) and (3,) do not broadcast");
  expect_rejected("pow", {}, {f32_of({2}), {DType::float64, {2}}}, "float32 and float64");
  expect_rejected("pow", {}, {{DType::boolean, {2}}, {DType::boolean, {2}}}, "real numbers");
}

TEST(op_pow, an_unknown_size_against_a_known_one_gives_the_known_one) {
  EXPECT_EQ(infer_op("pow", {}, {f32_of({Shape::kUnknown, 1, 3}), f32_of({4, 3})}),
            (f32_of({Shape::kUnknown, 4, 3})));
}

}  // namespace
}  // namespace cornu::test
