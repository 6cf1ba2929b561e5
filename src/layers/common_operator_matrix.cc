// Decompositions and systems of equations of keras.ops and tf.linalg. See operators.h.
// Source: keras/src/ops/linalg.py and keras/src/backend/tensorflow/linalg.py, 3.15; tf.linalg of TensorFlow 2.21
#include <algorithm>

#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

// Matrices as the last two axes, in floating point.
Value matrices(OperatorCall& c, std::string_view parameter) {
  const Value x = c.tensor(parameter);
  if (c.g.rank(x) < 2) c.fail_argument(parameter, "matrices");
  return c.g.cast(x, float_type(c.g.dtype(x)));
}

Shape batch_of(GraphBuilder& g, Value x) {
  Shape shape;
  for (int axis = 0; axis < g.rank(x) - 2; ++axis) shape.push_back(g.shape(x)[axis]);
  return shape;
}

Shape with(Shape shape, std::initializer_list<int64_t> sizes) {
  for (int64_t size : sizes) shape.push_back(size);
  return shape;
}

Value adjoint(GraphBuilder& g, Value x) {
  Ints order;
  for (int axis = 0; axis < g.rank(x); ++axis) order.push_back(axis);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return g.transpose(x, order);
}

int64_t smaller(int64_t a, int64_t b) {
  return a == Shape::kUnknown || b == Shape::kUnknown ? Shape::kUnknown : std::min(a, b);
}

// An op from square matrices to matrices of their shape.
Value square_op(GraphBuilder& g, std::string_view op, Value x, const NodeAttributes& attributes = {}) {
  return tensorflow_value(g, op, {x}, {g.dtype(x), g.shape(x)}, attributes);
}

Values cholesky(OperatorCall& c, std::string_view) {
  const Value y = square_op(c.g, "Cholesky", matrices(c, "x"));
  return {c.flag("upper", false) ? adjoint(c.g, y) : y};
}

Values inverse(OperatorCall& c, std::string_view) {
  return {square_op(c.g, "MatrixInverse", matrices(c, "x"),
                    NodeAttributes().flag("adjoint", c.flag("adjoint", false)))};
}

Values determinant(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = matrices(c, "x");
  const TensorType type{g.dtype(x), batch_of(g, x)};
  if (op == "det") return {tensorflow_value(g, "MatrixDeterminant", {x}, type)};
  Values parts = tensorflow_op(g, "LogMatrixDeterminant", {x}, {}, {type, type});
  if (op == "logdet") return {parts[1]};
  return parts;
}

Value solution(GraphBuilder& g, std::string_view op, Value a, Value b, const NodeAttributes& attributes) {
  const bool vectors = g.rank(b) == g.rank(a) - 1;
  if (vectors) b = g.op("expand_dims", {b}, {{"axes", Ints{-1}}});
  const Value y = tensorflow_value(g, op, {a, b}, {g.dtype(b), g.shape(b)}, attributes);
  return vectors ? g.op("squeeze", {y}, {{"axes", Ints{-1}}}) : y;
}

Values solve(OperatorCall& c, std::string_view op) {
  const Value a = matrices(c, "x");
  const Value b = c.g.cast(c.tensor("y"), c.g.dtype(a));
  NodeAttributes attributes;
  attributes.flag("adjoint", c.flag("adjoint", false));
  if (op != "MatrixSolve") attributes.flag("lower", c.flag("lower", !c.keras3));
  return {solution(c.g, op, a, b, attributes)};
}

Value triangle_of(GraphBuilder& g, Value x, bool upper) {
  const Value all = g.constant(tensor_of_ints(Ints{-1}, {}));
  const Value none = g.constant(tensor_of_ints(Ints{0}, {}));
  return tensorflow_value(g, "MatrixBandPart", {x, upper ? none : all, upper ? all : none},
                          {g.dtype(x), g.shape(x)});
}

// The inverse of L L^T or U^T U from the factor; the other triangle does not count.
Values cholesky_inverse(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const bool upper = c.flag("upper", false);
  const Value factor = square_op(g, "MatrixInverse", triangle_of(g, matrices(c, "x"), upper));
  return {g.op("matmul", {factor, factor}, {{"transpose_a", !upper}, {"transpose_b", upper}})};
}

// Two triangular systems.
Values cholesky_solve(OperatorCall& c, std::string_view) {
  const Value factor = matrices(c, "x");
  const Value b = c.g.cast(c.tensor("y"), c.g.dtype(factor));
  const Value half = solution(c.g, "MatrixTriangularSolve", factor, b, NodeAttributes().flag("lower", true));
  return {solution(c.g, "MatrixTriangularSolve", factor, half,
                   NodeAttributes().flag("lower", true).flag("adjoint", true))};
}

Values eigen(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = matrices(c, "x");
  const bool vectors = op == "vectors";
  const TensorType values{g.dtype(x), with(batch_of(g, x), {g.shape(x).back()})};
  const TensorType columns{g.dtype(x), vectors ? g.shape(x) : Shape{0}};
  Values out = tensorflow_op(g, "SelfAdjointEigV2", {x}, NodeAttributes().flag("compute_v", vectors),
                             {values, columns});
  if (!vectors) out.resize(1);
  return out;
}

struct Svd {
  Value u, s, v;
};

Svd svd_of(GraphBuilder& g, Value x, bool full, bool vectors) {
  const int64_t rows = g.shape(x)[g.rank(x) - 2];
  const int64_t columns = g.shape(x).back();
  const int64_t count = smaller(rows, columns);
  const Shape batch = batch_of(g, x);
  const DType type = g.dtype(x);
  const Shape left = vectors ? with(batch, {rows, full ? rows : count}) : Shape{0};
  const Shape right = vectors ? with(batch, {columns, full ? columns : count}) : Shape{0};
  const Values out =
      tensorflow_op(g, "Svd", {x}, NodeAttributes().flag("compute_uv", vectors).flag("full_matrices", full),
                    {{type, with(batch, {count})}, {type, left}, {type, right}});
  return {out[1], out[0], out[2]};
}

// Keras: u, s, v^T; TensorFlow: s, u, v.
Values svd(OperatorCall& c, std::string_view) {
  const Value x = matrices(c, "x");
  const bool vectors = c.flag("compute_uv", true);
  const Svd parts = svd_of(c.g, x, c.flag("full_matrices", c.keras3), vectors);
  if (!vectors) return {parts.s};
  if (c.keras3) return {parts.u, parts.s, adjoint(c.g, parts.v)};
  return {parts.s, parts.u, parts.v};
}

Values qr(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = matrices(c, "x");
  const bool full = c.flag("full_matrices", false) || c.text("mode", "reduced") == "complete";
  const int64_t rows = g.shape(x)[g.rank(x) - 2];
  const int64_t columns = g.shape(x).back();
  const int64_t count = full ? rows : smaller(rows, columns);
  const Shape batch = batch_of(g, x);
  return tensorflow_op(
      g, "Qr", {x}, NodeAttributes().flag("full_matrices", full),
      {{g.dtype(x), with(batch, {rows, count})}, {g.dtype(x), with(batch, {count, columns})}});
}

// The factors in one matrix; the order of the rows, which Keras gives as each row's new place.
Values lu(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = matrices(c, "x");
  const Shape order = with(batch_of(g, x), {g.shape(x).back()});
  Values out = tensorflow_op(g, "Lu", {x}, {}, {{g.dtype(x), g.shape(x)}, {DType::int32, order}});
  if (op == "factor") out[1] = g.op("argsort", {out[1]}, {{"axis", int64_t{-1}}, {"dtype", DType::int32}});
  return out;
}

Value largest_of(GraphBuilder& g, Value s) {
  return g.op("reduce_max", {s}, {{"axes", Ints{-1}}, {"keepdims", true}});
}

double epsilon_of(DType type) {
  return type == DType::float64 ? 2.220446049250313e-16
                                : 1.1920928955078125e-07;  // of the type's numbers at 1
}

// max(rows, columns), which must be known.
double extent(OperatorCall& c, Value x) {
  const int64_t rows = c.g.shape(x)[c.g.rank(x) - 2];
  const int64_t columns = c.g.shape(x).back();
  if (rows < 0 || columns < 0) c.fail_argument("x", "matrices of known size");
  return static_cast<double>(std::max(rows, columns));
}

Values matrix_rank(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = matrices(c, "x");
  const Value s = svd_of(g, x, false, false).s;
  const Value limit =
      c.has("tol") ? g.scalar_like(c.number("tol"), s)
                   : g.op("mul", {largest_of(g, s), g.scalar_like(extent(c, x) * epsilon_of(g.dtype(x)), s)});
  const Value above = g.cast(g.op("greater", {s, limit}), DType::int32);
  return {g.op("reduce_sum", {above}, {{"axes", Ints{-1}}, {"keepdims", false}})};
}

// v s^-1 u^T, without singular values that are 0 up to rounding.
Value pseudo_inverse(GraphBuilder& g, Value x, double tolerance, bool inclusive) {
  const Svd parts = svd_of(g, x, false, true);
  const Value limit = g.op("mul", {largest_of(g, parts.s), g.scalar_like(tolerance, parts.s)});
  const Value kept = g.op(inclusive ? "greater_equal" : "greater", {parts.s, limit});
  const Value one = g.scalar_like(1, parts.s);
  const Value inverse = g.op("select", {kept, g.op("reciprocal", {g.op("select", {kept, parts.s, one})}),
                                        g.scalar_like(0, parts.s)});
  const Value scaled = g.op("mul", {parts.v, g.op("expand_dims", {inverse}, {{"axes", Ints{-2}}})});
  return g.op("matmul", {scaled, parts.u}, {{"transpose_b", true}});
}

Values pinv(OperatorCall& c, std::string_view) {
  const Value x = matrices(c, "x");
  // TensorFlow's default: 10 max(rows, columns) epsilon.
  const double tolerance = c.has("rcond") ? c.number("rcond") : 10 * extent(c, x) * epsilon_of(c.g.dtype(x));
  return {pseudo_inverse(c.g, x, tolerance, false)};
}

Values least_squares(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value a = matrices(c, "x");
  Value b = g.cast(c.tensor("y"), g.dtype(a));
  const bool vector = g.rank(b) == 1;
  if (vector) b = g.op("expand_dims", {b}, {{"axes", Ints{-1}}});
  const double tolerance = c.has("rcond") ? c.number("rcond") : extent(c, a) * epsilon_of(g.dtype(a));
  const Value y = g.op("matmul", {pseudo_inverse(g, a, tolerance, true), b});
  return {vector ? g.op("squeeze", {y}, {{"axes", Ints{-1}}}) : y};
}

Values matvec(OperatorCall& c, std::string_view) {
  const auto [a, b] = c.operands("x", "y");
  const Value column = c.g.op("expand_dims", {b}, {{"axes", Ints{-1}}});
  const Value y = c.g.op("matmul", {a, column}, {{"transpose_a", c.flag("transpose_a", false)}});
  return {c.g.op("squeeze", {y}, {{"axes", Ints{-1}}})};
}

// Diagonals from `lower` below to `upper` above the main one; -1: all.
Values band_part(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const Value lower = c.g.constant(tensor_of_ints(Ints{c.integer("num_lower")}, {}));
  const Value upper = c.g.constant(tensor_of_ints(Ints{c.integer("num_upper")}, {}));
  return {tensorflow_value(c.g, "MatrixBandPart", {x, lower, upper}, {c.g.dtype(x), c.g.shape(x)})};
}

// Vectors as diagonals of square matrices.
Values diagonal_matrix(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  if (c.g.rank(x) < 1) c.fail_argument("x", "vectors");
  return {
      tensorflow_value(c.g, "MatrixDiag", {x}, {c.g.dtype(x), with(c.g.shape(x), {c.g.shape(x).back()})})};
}

Values set_diagonal(OperatorCall& c, std::string_view) {
  const auto [x, diagonal] = c.operands("x", "y");
  return {tensorflow_value(c.g, "MatrixSetDiag", {x, diagonal}, {c.g.dtype(x), c.g.shape(x)})};
}

constexpr Operator kOperators[] = {
    {"cholesky", "x|a|input upper", cholesky, ""},
    {"cholesky_inverse", "x upper", cholesky_inverse, ""},
    {"cholesky_solve", "x|chol y|rhs", cholesky_solve, ""},
    {"inv matrix_inverse", "x|input adjoint", inverse, ""},
    {"det matrix_determinant", "x|a|input", determinant, "det"},
    {"logdet", "x|a|matrix", determinant, "logdet"},
    {"slogdet", "x|input", determinant, "slogdet"},
    {"solve matrix_solve", "x|a|matrix y|b|rhs adjoint", solve, "MatrixSolve"},
    {"solve_triangular triangular_solve matrix_triangular_solve", "x|a|matrix y|b|rhs lower adjoint", solve,
     "MatrixTriangularSolve"},
    {"eigh self_adjoint_eig", "x|a|tensor", eigen, "vectors"},
    {"eigvalsh self_adjoint_eigvals", "x|a|tensor", eigen, "values"},
    {"svd", "x|tensor full_matrices compute_uv", svd, ""},
    {"qr", "x|input full_matrices mode", qr, ""},
    {"lu_factor", "x|a", lu, "factor"},
    {"lu", "x|input", lu, ""},
    {"matrix_rank", "x|a tol", matrix_rank, ""},
    {"pinv", "x|a rcond", pinv, ""},
    {"lstsq", "x|a|matrix y|b|rhs rcond", least_squares, ""},
    {"matvec", "x|a y|b transpose_a", matvec, ""},
    {"band_part matrix_band_part", "x|input num_lower num_upper", band_part, ""},
    {"linalg_diag matrix_diag", "x|diagonal name align padding_value", diagonal_matrix, ""},
    {"set_diag matrix_set_diag", "x|input y|diagonal", set_diagonal, ""},
};

}  // namespace

std::span<const Operator> matrix_operators() {
  return kOperators;
}

}  // namespace cornu::layers
