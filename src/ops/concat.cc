// concat: tensors one after the other along an axis.
// Inputs  any number, one type (any), equal in every other axis     Attrs  axis
// Errors  bad_shape if types, ranks or other sizes differ
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  Shape out = c.in[0].shape;
  const int axis = normalize_axis(c.attrs.integer("axis"), out.rank());
  for (const TensorType& type : c.in.subspan(1)) {
    const Shape& x = type.shape;
    bool fits = type.dtype == c.in[0].dtype && x.rank() == out.rank();
    for (int i = 0; fits && i < x.rank(); ++i) {
      if (i == axis) {
        const bool is_unknown = out[i] == Shape::kUnknown || x[i] == Shape::kUnknown;
        fits = is_unknown || !__builtin_add_overflow(out[i], x[i], &out[i]);
        if (is_unknown) out[i] = Shape::kUnknown;
      } else if (out[i] == Shape::kUnknown) {
        out[i] = x[i];
      } else {
        fits = x[i] == out[i] || x[i] == Shape::kUnknown;
      }
    }
    if (!fits) {
      fail(ErrorCode::bad_shape, "", "{} {} and {} {} cannot be joined along axis {}",
           dtype_name(c.in[0].dtype), c.in[0].shape.to_string(), dtype_name(type.dtype), x.to_string(), axis);
    }
  }
  c.result(c.in[0].dtype, out);
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& out = site.out[0].shape;
  const int axis = normalize_axis(site.attrs.integer("axis"), out.rank());
  const int64_t rows = out.elements(0, axis);
  const int64_t element_bytes = dtype_size(site.out[0].dtype);
  std::vector<int64_t> row_bytes;
  for (const TensorType& type : site.in)
    row_bytes.push_back(type.shape.elements(axis, out.rank()) * element_bytes);
  return {[rows, row_bytes](const KernelCall& call) {
            std::byte* y = call.out[0];
            for (int64_t row = 0; row < rows; ++row) {
              for (size_t i = 0; i < row_bytes.size(); ++i) {
                if (row_bytes[i] > 0)
                  std::memcpy(y, call.in[i] + row * row_bytes[i], static_cast<size_t>(row_bytes[i]));
                y += row_bytes[i];
              }
            }
          },
          0,
          {}};
}

}  // namespace

CORNU_OP(concat) = {.name = "concat", .max_inputs = -1, .infer = infer, .reference = reference};

}  // namespace cornu::ops
