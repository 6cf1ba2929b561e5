#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_cast, floats_are_cut_toward_zero_and_to_the_range) {
  check_op({"cast",
            {{"dtype", DType::int32}},
            {floats({1.9, -1.9, 0, 300, -300, 1e+20, -1e+20, kNan, kInfinity, -kInfinity})},
            ints({1, -1, 0, 300, -300, 2147483647, -2147483648, 0, 2147483647, -2147483648})});
  check_op({"cast",
            {{"dtype", DType::uint8}},
            {floats({1.9, -1.9, 0, 300, -300, 1e+20, -1e+20, kNan, kInfinity, -kInfinity})},
            ints({1, 0, 0, 255, 0, 255, 0, 0, 255, 0}, {10}, DType::uint8)});
  check_op({"cast",
            {{"dtype", DType::int64}},
            {floats({1099511627776, -3.5})},
            ints({1099511627776, -3}, {2}, DType::int64)});
}

TEST(op_cast, anything_but_zero_is_true) {
  check_op({"cast", {{"dtype", DType::boolean}}, {floats({0, -0.0, 0.25, kNan})}, bools({0, 0, 1, 1})});
  check_op({"cast", {{"dtype", DType::boolean}}, {ints({0, 256})}, bools({0, 1})});
}

TEST(op_cast, integers_wrap_around_and_become_floats) {
  check_op(
      {"cast", {{"dtype", DType::int8}}, {ints({127, 128, -129})}, ints({127, -128, 127}, {3}, DType::int8)});
  check_op({"cast", {{"dtype", DType::float64}}, {ints({3, -7})}, floats({3, -7})});
  check_op({"cast",
            {{"dtype", DType::int32}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            ints({1, 0, 1, 0, 0, 1}, {2, 3})});
  check_op({"cast",
            {{"dtype", DType::boolean}},
            {bools({1, 0, 1, 0, 0, 1}, {2, 3})},
            bools({1, 0, 1, 0, 0, 1}, {2, 3})});
}

TEST(op_cast, half_precision_is_rounded_to_the_nearest) {
  const Tensor half = run_op("cast", {{"dtype", DType::float16}}, {floats({1, 0.1, 65504, 1e6})});
  EXPECT_EQ(half.dtype, DType::float16);
  EXPECT_EQ(to_doubles(run_op("cast", {{"dtype", DType::float64}}, {half})),
            (std::vector<double>{1, 0.0999755859375, 65504, kInfinity}));
  const Tensor brain = run_op("cast", {{"dtype", DType::bfloat16}}, {floats({1, 0.1})});
  EXPECT_EQ(to_doubles(run_op("cast", {{"dtype", DType::float32}}, {brain})),
            (std::vector<double>{1, 0.10009765625}));
}

TEST(op_cast, strings_and_complex_numbers_are_refused) {
  expect_rejected("cast", {{"dtype", DType::string}}, {f32_of({2})}, "float32 cannot be cast to string");
  expect_rejected("cast", {{"dtype", DType::float32}}, {{DType::complex64, {2}}}, "complex64");
}

}  // namespace
}  // namespace cornu::test
