// reshape: the same elements under another shape.
// Input   x  any type and shape     Output  y  the elements of x in row-major order
// Attrs   shape  sizes of y; 0 copies the size of the same axis of x, one -1 is inferred from the rest. With
//         "allow_zero" a 0 is an empty axis.
// Inputs  optional second: the shape as an int tensor instead of the attribute (its value must be known when
// planning) Errors  bad_shape if the counts of elements differ, or more than one -1 Source  numpy.reshape; 0
// as in ONNX's Reshape
#include "base/fail.h"
#include "ops/op.h"

namespace cornu::ops {
namespace {

// The number of axes whose size is unknown or 0, and the product of the other sizes.
struct Sides {
  int open = 0;
  int64_t product = 1;
};

Sides sides_of(const Shape& shape) {
  Sides sides;
  for (int64_t size : shape) {
    if (size <= 0) {
      ++sides.open;
    } else if (__builtin_mul_overflow(sides.product, size, &sides.product)) {
      fail(ErrorCode::bad_shape, "", "reshape of {}: more elements than 64 bits can count",
           shape.to_string());
    }
  }
  return sides;
}

Shape resolve(const Shape& x, const Ints& dims, bool allow_zero) {
  Shape out;
  int inferred = -1;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    int64_t dim = dims[axis];
    if (dim < -1)
      fail(ErrorCode::bad_shape, "", "reshape to a size of {}, at least -1 (inferred) is needed", dim);
    if (dim == 0 && !allow_zero) {
      if (static_cast<int>(axis) >= x.rank())
        fail(ErrorCode::bad_shape, "", "reshape copies axis {} of {}", axis, x.to_string());
      dim = x[static_cast<int>(axis)];
    } else if (dim == -1) {
      if (inferred >= 0) fail(ErrorCode::bad_shape, "", "reshape has more than one unknown size");
      inferred = static_cast<int>(axis);
      dim = 1;
    }
    out.push_back(dim);
  }
  if (inferred < 0) return out;
  const int64_t total = x.elements();
  const int64_t rest = out.elements();
  const auto refuse_count = [&] {
    fail(ErrorCode::bad_shape, "", "{} elements of shape {} do not fit into {}", total, x.to_string(),
         out.with(inferred, Shape::kUnknown).to_string());
  };
  if (total >= 0 && rest > 0) {
    if (total % rest != 0) refuse_count();
    return out.with(inferred, total / rest);
  }
  // Sizes that are unknown or 0 on both sides cancel: (None, 4, 4) -> (0, -1) is (None, 16).
  const Sides in = sides_of(x);
  const Sides rests = sides_of(out);
  const bool cancels = in.open == rests.open && in.product % rests.product == 0;
  if (!cancels && total >= 0 && rest >= 0) refuse_count();
  return out.with(inferred, cancels ? in.product / rests.product : Shape::kUnknown);
}

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  Ints dims;
  bool allow_zero = c.attrs.flag("allow_zero");
  if (c.in.size() == 2) {
    allow_zero = true;
    if (!dtype_is_integer(c.in[1].dtype)) {
      fail(ErrorCode::bad_shape, "", "reshape's second input is {}, integers are needed",
           dtype_name(c.in[1].dtype));
    }
    if (c.constants[1] != nullptr) {
      dims = to_ints(*c.constants[1]);
    } else {
      const int64_t rank = c.in[1].shape.elements();
      if (rank == Shape::kUnknown)
        fail(ErrorCode::bad_shape, "", "reshape's second input must tell the number of axes");
      if (rank > Shape::kMaxRank)
        fail(ErrorCode::bad_shape, "", "reshape to {} axes, {} are accepted at most", rank, Shape::kMaxRank);
      dims.assign(static_cast<size_t>(rank), Shape::kUnknown);
      return c.result(c.in[0].dtype, Shape(dims));
    }
  } else {
    dims = c.attrs.ints("shape");
  }
  const Shape out = resolve(x, dims, allow_zero);
  const int64_t before = x.elements();
  const int64_t after = out.elements();
  if (before >= 0 && after >= 0 && before != after) {
    fail(ErrorCode::bad_shape, "", "{} elements of shape {} do not fit into {}", before, x.to_string(),
         out.to_string());
  }
  c.result(c.in[0].dtype, out);
}

}  // namespace

CORNU_OP(reshape) = {.name = "reshape",
                     .min_inputs = 1,
                     .max_inputs = 2,
                     .infer = infer,
                     .reference = copy_first_input,
                     .alias = true};

}  // namespace cornu::ops
