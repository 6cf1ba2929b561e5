// Matrix products by plain loops in double, to compare kernels with.
#pragma once

#include <string>
#include <vector>

#include "base/epilogue.h"
#include "kernels/kernel_runner.h"

namespace cornu::kernels {

struct MatmulCase {
  Shape a, b;  // as they are stored
  bool transpose_a = false, transpose_b = false;
  std::string epilogue = "", activation = "";
};

inline Attrs attrs_of(const MatmulCase& c) {
  return {{"transpose_a", c.transpose_a},
          {"transpose_b", c.transpose_b},
          {"epilogue", c.epilogue},
          {"activation", c.activation},
          {"activation_slope", 0.1}};
}

inline Shape result_of(const MatmulCase& c) {
  const auto leading = [](const Shape& shape) {
    return Shape(shape.dims().first(static_cast<size_t>(shape.rank()) - 2));
  };
  Shape y = broadcast_shapes(leading(c.a), leading(c.b));
  y.push_back(c.a[c.a.rank() - (c.transpose_a ? 1 : 2)]);
  y.push_back(c.b[c.b.rank() - (c.transpose_b ? 2 : 1)]);
  return y;
}

// Where matrix `index` of y lies in an operand, counted in matrices.
inline int64_t matrix_of(const Shape& operand, const Shape& y, int64_t index) {
  int64_t result = 0, stride = 1;
  for (int axis = y.rank() - 3; axis >= 0; axis--) {
    const int own = axis - (y.rank() - operand.rank());
    const int64_t i = index % y[axis];
    index /= y[axis];
    if (own < 0) continue;
    if (operand[own] > 1) result += i * stride;
    stride *= operand[own];
  }
  return result;
}

inline std::vector<double> multiplied(const MatmulCase& c, const std::vector<Array>& inputs) {
  const Epilogue epilogue = Epilogue::parse(attrs_of(c), 2);
  const Shape y = result_of(c);
  const int64_t rows = y[y.rank() - 2], columns = y.back(), depth = c.a[c.a.rank() - (c.transpose_a ? 2 : 1)];
  const auto value = [&](int input, int64_t i, double fallback) {
    return input < 0 ? fallback : double{inputs[static_cast<size_t>(input)].values[static_cast<size_t>(i)]};
  };
  std::vector<double> out;
  for (int64_t i = 0; i < y.elements(); i++) {
    const int64_t n = i % columns, m = i / columns % rows, matrix = i / columns / rows;
    const int64_t a = matrix_of(c.a, y, matrix) * rows * depth,
                  b = matrix_of(c.b, y, matrix) * columns * depth;
    double sum = 0;
    for (int64_t k = 0; k < depth; k++) {
      sum += value(0, a + (c.transpose_a ? k * rows + m : m * depth + k), 0) *
             value(1, b + (c.transpose_b ? n * depth + k : k * columns + n), 0);
    }
    out.push_back(epilogue.finish(sum, value(epilogue.scale, n, 1), value(epilogue.shift, n, 0),
                                  value(epilogue.residual, i, 0)));
  }
  return out;
}

// Runs the kernel on random input on every instruction set and compares.
inline void check_matmul(const KernelDef& kernel, const MatmulCase& c, Placement placement) {
  std::mt19937 generator(3);
  const Shape y = result_of(c);
  const Epilogue epilogue = Epilogue::parse(attrs_of(c), 2);
  std::vector<Array> inputs = {Array::random(c.a, generator), Array::random(c.b, generator)};
  for (int i = 2; i < 2 + epilogue.inputs(); i++) {
    inputs.push_back(Array::random(i == epilogue.residual ? y : Shape{y.back()}, generator));
  }
  const std::vector<double> expected = multiplied(c, inputs);
  const auto terms = static_cast<double>(c.a[c.a.rank() - (c.transpose_a ? 2 : 1)]);
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    const std::vector<float> actual = run_kernel(kernel, inputs, y, attrs_of(c), placement);
    EXPECT_EQ(first_difference(actual, expected, 1e-6 + 2e-8 * terms), "")
        << "a " << c.a.to_string() << (c.transpose_a ? " transposed" : "") << ", b " << c.b.to_string()
        << (c.transpose_b ? " transposed" : "") << ", epilogue '" << c.epilogue << "', " << placement.threads
        << " threads, on " << hwy::TargetName(target);
  }
}

}  // namespace cornu::kernels
