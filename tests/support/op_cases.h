// The shared runner of op tests: a case is an op, its attributes, inputs and the result that is right. One
// call checks the shape rule (with unknown sizes too), the reference kernel and every fast kernel of the op,
// with 1 and 2 threads and with inputs at odd addresses.
#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "base/attrs.h"
#include "base/kernel.h"
#include "cornu/error.h"
#include "tensor/tensor.h"

namespace cornu::test {

// Tensors of literals. `floats` stands for both floating-point types: a case that has them runs in float64
// and float32. Without a shape they have one axis.
Tensor floats(const std::vector<double>& values, const Shape& shape);
Tensor floats(const std::vector<double>& values);
Tensor ints(const std::vector<int64_t>& values, const Shape& shape, DType dtype = DType::int32);
Tensor ints(const std::vector<int64_t>& values);
Tensor bools(const std::vector<int64_t>& values, const Shape& shape);
Tensor bools(const std::vector<int64_t>& values);
// Evenly distributed in [low, high), always the same for one seed; representable in float32.
Tensor random_floats(const Shape& shape, unsigned seed, double low = -2, double high = 2);

struct OpCase {
  std::string_view op;
  Attrs attrs;
  std::vector<Tensor> in;
  Tensor expected;
  double tolerance = 0;  // relative to max(1, |expected|); 0: 1e-12 in float64, 2e-6 in float32
};

// Checks everything said above; failures name the op, the type and the element.
void check_op(const OpCase& c);

// The same without a known result: the reference's result stands for it. For larger shapes, where it is the
// fast kernels that are in question. Returns the result in float64 or the op's own type.
Tensor check_kernels(std::string_view op, const Attrs& attrs, const std::vector<Tensor>& in,
                     double tolerance = 0);

// The reference's result, for properties.
Tensor run_op(std::string_view op, const Attrs& attrs, const std::vector<Tensor>& in);

// The type and shape that the rule gives; sizes may be Shape::kUnknown.
TensorType infer_op(std::string_view op, const Attrs& attrs, const std::vector<TensorType>& in);

// The rule throws `code` with a message that contains `text`.
void expect_rejected(std::string_view op, const Attrs& attrs, const std::vector<TensorType>& in,
                     std::string_view text, ErrorCode code = ErrorCode::bad_shape);

// Shorthands for types in rejected cases.
TensorType f32_of(const Shape& shape);
TensorType i32_of(const Shape& shape);

}  // namespace cornu::test
