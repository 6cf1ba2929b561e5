// matmul: y = activation(scale * (a b) + shift + residual) for the last two axes; the others broadcast.
// Inputs  a  (..., M, K), or (..., K, M) with transpose_a;  b  (..., K, N), or (..., N, K) with transpose_b;
// then those of
//         the epilogue (base/epilogue.h). One floating-point type
// Output  y  (..., M, N)
// Attrs   transpose_a, transpose_b (flags); epilogue, activation
// Errors  bad_shape: fewer than two axes, inner sizes that differ, batch axes that do not broadcast
#include "ops/finish.h"

namespace cornu::ops {
namespace {

// The last two axes of an operand as the product sees them, and the axes before.
struct Operand {
  Shape batch;
  int64_t rows = 0, columns = 0;
};

Operand operand_of(const Shape& shape, bool transposed) {
  const int rank = shape.rank();
  Operand operand{{}, shape[rank - 2], shape[rank - 1]};
  if (transposed) std::swap(operand.rows, operand.columns);
  for (int axis = 0; axis < rank - 2; ++axis) operand.batch.push_back(shape[axis]);
  return operand;
}

void infer(ir::InferContext& c) {
  require_floats(c);
  const Shape& a_shape = c.in[0].shape;
  const Shape& b_shape = c.in[1].shape;
  const auto refuse_shapes = [&](const char* why) {
    fail(ErrorCode::bad_shape, "", "{} and {} cannot be multiplied: {}", a_shape.to_string(),
         b_shape.to_string(), why);
  };
  if (a_shape.rank() < 2 || b_shape.rank() < 2) refuse_shapes("both need two axes at least");
  const Operand a = operand_of(a_shape, c.attrs.flag("transpose_a"));
  const Operand b = operand_of(b_shape, c.attrs.flag("transpose_b"));
  if (a.columns != b.rows && a.columns != Shape::kUnknown && b.rows != Shape::kUnknown)
    refuse_shapes("the inner sizes differ");
  Shape y = broadcast_shapes(a.batch, b.batch);
  y.push_back(a.rows);
  y.push_back(b.columns);
  y.elements();  // throws if that overflows
  check_epilogue(c, y, b.columns);
  c.result(c.in[0].dtype, y);
}

struct Sizes {
  Shape batch;
  Strides a_batch, b_batch;  // in matrices
  int64_t m, n, k;
  bool transpose_a, transpose_b;
};

// Offset in matrices of matrix `index` of the batch.
int64_t matrix_offset(const Shape& batch, const Strides& strides, int64_t index) {
  int64_t offset = 0;
  for (int axis = batch.rank() - 1; axis >= 0; --axis) {
    offset += index % batch[axis] * strides[static_cast<size_t>(axis)];
    index /= batch[axis];
  }
  return offset;
}

// sums[j] = row i of a times column j of b.
template <class T>
void sum_row(const Sizes& s, UnalignedArray<T> a, UnalignedArray<T> b, int64_t i, double* sums) {
  std::fill_n(sums, s.n, 0.0);
  const int64_t step = s.transpose_a ? s.m : 1;
  const auto row = a + (s.transpose_a ? i : i * s.k);
  if (s.transpose_b) {
    for (int64_t j = 0; j < s.n; ++j) {
      for (int64_t k = 0; k < s.k; ++k)
        sums[j] += static_cast<double>(row[k * step]) * static_cast<double>(b[j * s.k + k]);
    }
    return;
  }
  for (int64_t k = 0; k < s.k; ++k) {
    const auto value = static_cast<double>(row[k * step]);
    const auto b_row = b + k * s.n;
    for (int64_t j = 0; j < s.n; ++j) sums[j] += value * static_cast<double>(b_row[j]);
  }
}

template <class T>
void run(const Sizes& s, const Epilogue& epilogue, const KernelCall& call) {
  for_each_row(s.batch.elements() * s.m, s.n, call, [&](int64_t row, double* sums) {
    const int64_t matrix = row / s.m;
    const auto a = in_as<T>(call, 0) + matrix_offset(s.batch, s.a_batch, matrix) * s.m * s.k;
    const auto b = in_as<T>(call, 1) + matrix_offset(s.batch, s.b_batch, matrix) * s.k * s.n;
    sum_row<T>(s, a, b, row % s.m, sums);
    finish_row<T>(epilogue, sums, row, s.n, call);
  });
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const bool transpose_a = site.attrs.flag("transpose_a");
  const bool transpose_b = site.attrs.flag("transpose_b");
  const Operand a = operand_of(site.in[0].shape, transpose_a);
  const Operand b = operand_of(site.in[1].shape, transpose_b);
  const Shape batch = broadcast_shapes(a.batch, b.batch);
  const Sizes sizes = {batch,
                       broadcast_strides(a.batch, batch),
                       broadcast_strides(b.batch, batch),
                       a.rows,
                       b.columns,
                       a.columns,
                       transpose_a,
                       transpose_b};
  const Epilogue epilogue = Epilogue::parse(site.attrs, 2);
  return with_float_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[sizes, epilogue](const KernelCall& call) { run<T>(sizes, epilogue, call); },
                          row_scratch_bytes(sizes.n, site.threads),
                          {}};
  });
}

}  // namespace

CORNU_OP(matmul) = {
    .name = "matmul", .min_inputs = 2, .max_inputs = 5, .infer = infer, .reference = reference};

}  // namespace cornu::ops
