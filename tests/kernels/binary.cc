#include "kernels/binary.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "kernels/kernel_runner.h"

namespace cornu::kernels {

extern const KernelDef kernel_add, kernel_sub, kernel_mul, kernel_div, kernel_maximum, kernel_minimum;

namespace {

struct Op {
  const KernelDef& kernel;
  std::function<double(double, double)> exact;
};

// The element of a shape that broadcasts to element i of y.
size_t broadcast_index(const Shape& shape, const Shape& y, int64_t i) {
  int64_t index = 0, stride = 1;
  for (int axis = y.rank() - 1; axis >= 0; axis--) {
    const int own = axis - (y.rank() - shape.rank());
    if (own >= 0 && shape[own] > 1) index += i % y[axis] * stride;
    if (own >= 0) stride *= shape[own];
    i /= y[axis];
  }
  return static_cast<size_t>(index);
}

TEST(binary_kernel, agrees_with_plain_loops_for_every_way_to_broadcast) {
  const Op ops[] = {{kernel_add, std::plus<>()},
                    {kernel_sub, std::minus<>()},
                    {kernel_mul, std::multiplies<>()},
                    {kernel_div, std::divides<>()},
                    {kernel_maximum, [](double a, double b) { return std::max(a, b); }},
                    {kernel_minimum, [](double a, double b) { return std::min(a, b); }}};
  const std::pair<Shape, Shape> shapes[] = {{{2, 5, 7, 19}, {2, 5, 7, 19}},
                                            {{2, 5, 7, 19}, {19}},
                                            {{2, 5, 7, 19}, {2, 1, 1, 19}},
                                            {{2, 5, 7, 1}, {2, 5, 7, 19}},
                                            {{}, {3, 40000}},
                                            {{1, 1}, {}},
                                            {{3, 1}, {1, 50}},
                                            {{4, 1, 6, 1}, {5, 1, 33}},
                                            {{50001}, {50001}},
                                            {{}, {}}};
  std::mt19937 generator(6);
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const Op& op : ops) {
      for (const auto& [a_shape, b_shape] : shapes) {
        const Array a = Array::random(a_shape, generator, 0.5, 2),
                    b = Array::random(b_shape, generator, 0.5, 2);
        const Shape y = broadcast_shapes(a_shape, b_shape);
        std::vector<double> expected;
        for (int64_t i = 0; i < y.elements(); i++) {
          expected.push_back(
              op.exact(a.values[broadcast_index(a_shape, y, i)], b.values[broadcast_index(b_shape, y, i)]));
        }
        EXPECT_EQ(first_difference(run_kernel(op.kernel, {a, b}, y, {}, {2, 3}), expected, 1e-7), "")
            << op.kernel.name << " " << a_shape.to_string() << " " << b_shape.to_string();
      }
    }
  }
}

TEST(binary_kernel, maximum_and_minimum_keep_nan_of_either_side) {
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const KernelDef* kernel : {&kernel_maximum, &kernel_minimum}) {
      const auto y = run_kernel(*kernel, {{{2}, {NAN, 1}}, {{2}, {1, NAN}}}, {2}, {});
      EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1])) << kernel->name;
    }
  }
}

TEST(binary_kernel, refusals_say_why) {
  EXPECT_EQ(refusal_of(kernel_add, {{DType::int32, {2}}, {DType::int32, {2}}}, {DType::int32, {2}}, {}),
            "input 0 is int32, only float32 is handled");
}

}  // namespace
}  // namespace cornu::kernels
