#include "kernels/compare.h"

#include <gtest/gtest.h>

#include "kernels/kernel_runner.h"
#include "support/op_cases.h"

namespace cornu::kernels {

extern const KernelDef kernel_less, kernel_select;

namespace {

const std::pair<Shape, Shape> kShapes[] = {
    {{2, 5, 7, 19}, {2, 5, 7, 19}}, {{2, 5, 7, 19}, {19}}, {{3, 1}, {1, 50}},
    {{4, 1, 6, 1}, {5, 1, 33}},     {{50001}, {1}},        {{}, {}}};

// Whole numbers from -2 to 2, so that many are equal.
Tensor whole_numbers(const Shape& shape, unsigned seed, DType dtype) {
  std::vector<int64_t> values;
  for (double value : to_doubles(test::random_floats(shape, seed, -2.5, 2.5)))
    values.push_back(std::lround(value));
  return test::ints(values, shape, dtype);
}

TEST(compare_kernel, every_type_and_way_to_broadcast_agrees_with_the_reference) {
  for (const char* op : {"equal", "not_equal", "greater", "greater_equal", "less", "less_equal"}) {
    SCOPED_TRACE(op);
    for (const auto& [a, b] : kShapes) {
      test::check_kernels(op, {}, {test::random_floats(a, 1), test::random_floats(b, 2)});
      for (DType dtype : {DType::int32, DType::int64, DType::int8})
        test::check_kernels(op, {}, {whole_numbers(a, 3, dtype), whole_numbers(b, 4, dtype)});
    }
  }
}

TEST(select_kernel, every_size_and_way_to_broadcast_agrees_with_the_reference) {
  for (const auto& [a, b] : kShapes) {
    const Tensor condition = cast_tensor(whole_numbers(b, 5, DType::int32), DType::boolean);
    test::check_kernels("select", {}, {condition, test::random_floats(a, 6), test::random_floats({1}, 7)});
    test::check_kernels("select", {},
                        {condition, whole_numbers(b, 8, DType::int8), whole_numbers(a, 9, DType::int8)});
  }
}

TEST(compare_kernel, other_types_are_refused) {
  const TensorType half = {DType::float16, {2}};
  const TensorType y = {DType::boolean, {2}};
  EXPECT_EQ(refusal_of(kernel_less, {half, half}, y, {}), "float16 is not handled");
  EXPECT_EQ(refusal_of(kernel_select, {y, half, half}, half, {}), "elements of 2 bytes are not handled");
}

}  // namespace
}  // namespace cornu::kernels
