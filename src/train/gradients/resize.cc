// The gradient of resize: along each axis y = M x, so dx = M' dy. M is what resize makes of the unit vectors.
#include "base/fail.h"
#include "ops/evaluate.h"
#include "train/gradient.h"

namespace cornu::train {
namespace {

// The matrix (out, in) of one axis.
Tensor matrix_of(const Attrs& attrs, size_t axis, int64_t in, int64_t out, DType dtype) {
  NewTensor units = new_tensor(DType::float64, {1, in, in});
  for (int64_t i = 0; i < in; ++i) reinterpret_cast<double*>(units.data)[i * in + i] = 1;
  ir::Node node;
  node.op = ir::find_op("resize");
  for (const char* name : {"method", "half_pixel", "antialias"}) {
    for (const auto& [key, value] : attrs.items()) {
      if (key == name) node.attrs.set(key, value);
    }
  }
  if (attrs.has("factors")) {
    node.attrs.set("factors", Ints{attrs.ints("factors")[axis]});
  } else {
    node.attrs.set("size", Ints{out});
  }
  const Tensor inputs[] = {units.tensor};
  Tensor matrix = ops::evaluate(node, inputs)[0];
  matrix.shape = {out, in};
  return cast_tensor(matrix, dtype);
}

void resize(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Shape x = c.shape(c.x());
  const Shape y = c.shape(c.y());
  if (c.node.attrs.text("fit", "stretch") != "stretch")
    fail(ErrorCode::unsupported, c.node.layer, "a resize that keeps proportions has no gradient");
  Value dx = c.dy[0];
  for (int axis = 1; axis + 1 < x.rank(); ++axis) {
    // (before, out, after) to (before, in, after).
    const Shape now = g.shape(dx);
    const int64_t before = now.elements(0, axis);
    const int64_t after = now.elements(axis + 1, now.rank());
    const Tensor matrix =
        matrix_of(c.node.attrs, static_cast<size_t>(axis - 1), x[axis], y[axis], g.dtype(dx));
    const Value flat = g.reshape(dx, {before, y[axis], after});
    const Value back = g.op("matmul", {g.constant(matrix), flat}, {{"transpose_a", true}});
    const Shape next = now.with(axis, x[axis]);
    dx = g.reshape(back, Ints(next.begin(), next.end()));
  }
  c.give(0, dx);
}

}  // namespace

CORNU_GRADIENTS(resize) = {{"resize", resize}};

}  // namespace cornu::train
