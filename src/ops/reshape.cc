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

Shape resolve(const Shape& x, const Ints& dims, bool allow_zero) {
  Shape out;
  int inferred = -1;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    int64_t dim = dims[axis];
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
  if (total >= 0 && rest > 0 && total % rest == 0) return out.with(inferred, total / rest);
  if (total >= 0 && rest >= 0) {
    fail(ErrorCode::bad_shape, "", "{} elements of shape {} do not fit into {}", total, x.to_string(),
         out.with(inferred, Shape::kUnknown).to_string());
  }
  // Unknown sizes copied on both sides cancel: (None, 4, 4) -> (0, -1) is (None, 16).
  int64_t known_in = 1;
  int64_t known_out = 1;
  int unknown_in = 0;
  int unknown_out = 0;
  for (int64_t dim : x) dim == Shape::kUnknown ? ++unknown_in : known_in *= dim;
  for (int64_t dim : out) dim == Shape::kUnknown ? ++unknown_out : known_out *= dim;
  const bool cancels = unknown_in == unknown_out && known_out > 0 && known_in % known_out == 0;
  return out.with(inferred, cancels ? known_in / known_out : Shape::kUnknown);
}

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  Ints dims;
  bool allow_zero = c.attrs.flag("allow_zero");
  if (c.in.size() == 2) {
    allow_zero = true;
    if (c.constants[1] != nullptr) {
      dims = to_ints(*c.constants[1]);
    } else {
      dims.assign(static_cast<size_t>(std::max<int64_t>(c.in[1].shape.elements(), 0)), Shape::kUnknown);
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
