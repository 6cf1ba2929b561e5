// Linear algebra on batches of matrices, by Eigen as in TensorFlow, in double: Svd, Qr, Cholesky, Lu, MatrixInverse,
// MatrixDeterminant, LogMatrixDeterminant, MatrixSolve, MatrixTriangularSolve, MatrixSolveLs, SelfAdjointEigV2, Cross.
// Source  tensorflow/core/ops/linalg_ops.cc, 2.21
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// The matrices of a tensor.
struct Matrices {
  Shape batch;
  std::vector<Matrix> items;
};

Matrices matrices_of(const Tensor& x) {
  const int rank = x.shape.rank();
  need(dtype_is_floating(x.dtype), "matrices of {} are not handled", dtype_name(x.dtype));
  need(rank >= 2, "{} is no matrix", x.shape.to_string());
  const std::vector<double> values = to_doubles(x);
  Matrices out{sub_shape(x.shape, 0, rank - 2), {}};
  const int64_t rows = x.shape[rank - 2], columns = x.shape[rank - 1];
  for (int64_t i = 0; i < out.batch.elements(); ++i)
    out.items.push_back(Eigen::Map<const Matrix>(values.data() + i * rows * columns, rows, columns));
  return out;
}

Matrices square_matrices(const Tensor& x) {
  Matrices out = matrices_of(x);
  need(x.shape.back() == x.shape[x.shape.rank() - 2], "{} are no square matrices", x.shape.to_string());
  return out;
}

// Results of all matrices, one after the other, which have `shape` each.
class Collected {
 public:
  template <class Derived>
  void add(const Eigen::MatrixBase<Derived>& matrix) {
    for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
      for (Eigen::Index c = 0; c < matrix.cols(); ++c) values_.push_back(matrix(r, c));
    }
  }
  void add(double value) { values_.push_back(value); }
  Tensor tensor(const Shape& batch, const Shape& shape, DType dtype) const {
    return tensor_of_doubles(values_, joined(batch, shape), dtype);
  }

 private:
  std::vector<double> values_;
};

Tensors svd(const NodeDef& node, Tensors& in) {
  const Matrices x = matrices_of(in[0]);
  const int64_t rows = in[0].shape[in[0].shape.rank() - 2], columns = in[0].shape.back();
  const int64_t count = std::min(rows, columns);
  const bool vectors = node.flag("compute_uv", true), full = node.flag("full_matrices");
  Collected s, u, v;
  for (const Matrix& a : x.items) {
    if (count == 0) continue;
    const unsigned int options = !vectors ? 0U
                                 : full   ? Eigen::ComputeFullU | Eigen::ComputeFullV
                                          : Eigen::ComputeThinU | Eigen::ComputeThinV;
    const Eigen::BDCSVD<Eigen::MatrixXd> result(Eigen::MatrixXd(a), options);
    s.add(result.singularValues());
    if (!vectors) continue;
    u.add(result.matrixU());
    v.add(result.matrixV());
  }
  const DType dtype = in[0].dtype;
  const Tensor values = s.tensor(x.batch, {count}, dtype);
  if (!vectors) return {values, zeros(dtype, {0}), zeros(dtype, {0})};
  return {values, u.tensor(x.batch, {rows, full ? rows : count}, dtype),
          v.tensor(x.batch, {columns, full ? columns : count}, dtype)};
}

Tensors qr(const NodeDef& node, Tensors& in) {
  const Matrices x = matrices_of(in[0]);
  const int64_t rows = in[0].shape[in[0].shape.rank() - 2], columns = in[0].shape.back();
  const int64_t count = node.flag("full_matrices") ? rows : std::min(rows, columns);
  Collected q, r;
  for (const Matrix& a : x.items) {
    const Eigen::HouseholderQR<Eigen::MatrixXd> result{Eigen::MatrixXd(a)};
    q.add(Eigen::MatrixXd(result.householderQ() * Eigen::MatrixXd::Identity(rows, count)));
    const Eigen::MatrixXd upper = result.matrixQR().triangularView<Eigen::Upper>();
    r.add(Eigen::MatrixXd(upper.topRows(count)));
  }
  return {q.tensor(x.batch, {rows, count}, in[0].dtype), r.tensor(x.batch, {count, columns}, in[0].dtype)};
}

Tensors cholesky(const NodeDef&, Tensors& in) {
  const Matrices x = square_matrices(in[0]);
  Collected out;
  for (const Matrix& a : x.items) {
    const Eigen::LLT<Eigen::MatrixXd> result{Eigen::MatrixXd(a)};
    need(result.info() == Eigen::Success || a.rows() == 0, "a matrix is not positive definite");
    out.add(Eigen::MatrixXd(result.matrixL()));
  }
  return {out.tensor(x.batch, {in[0].shape.back(), in[0].shape.back()}, in[0].dtype)};
}

// Both factors in one matrix, and the permutation: row p[i] of x is row i of the product.
Tensors lu(const NodeDef& node, Tensors& in) {
  const Matrices x = square_matrices(in[0]);
  const int64_t size = in[0].shape.back();
  Collected factors;
  std::vector<int64_t> order;
  for (const Matrix& a : x.items) {
    const Eigen::PartialPivLU<Eigen::MatrixXd> result{Eigen::MatrixXd(a)};
    factors.add(result.matrixLU());
    const size_t first = order.size();
    order.resize(first + static_cast<size_t>(size));
    for (int64_t i = 0; i < size; ++i)
      order[first + static_cast<size_t>(result.permutationP().indices()[i])] = i;
  }
  return {factors.tensor(x.batch, {size, size}, in[0].dtype),
          tensor_of_ints(order, joined(x.batch, {size}), node.dtype("output_idx_type", DType::int32))};
}

Matrix inverse_of(const Matrix& a) {
  const Eigen::PartialPivLU<Eigen::MatrixXd> result{Eigen::MatrixXd(a)};
  need(result.matrixLU().diagonal().cwiseAbs().minCoeff() > 0, "a matrix cannot be inverted");
  return result.inverse();
}

Tensors inverse(const NodeDef& node, Tensors& in) {
  const Matrices x = square_matrices(in[0]);
  Collected out;
  for (const Matrix& a : x.items) {
    if (a.rows() > 0) out.add(node.flag("adjoint") ? Matrix(inverse_of(a).transpose()) : inverse_of(a));
  }
  return {out.tensor(x.batch, {in[0].shape.back(), in[0].shape.back()}, in[0].dtype)};
}

Tensors determinant(const NodeDef&, Tensors& in) {
  const Matrices x = square_matrices(in[0]);
  Collected out;
  for (const Matrix& a : x.items) out.add(a.rows() == 0 ? 1 : a.determinant());
  return {out.tensor(x.batch, {}, in[0].dtype)};
}

Tensors log_determinant(const NodeDef&, Tensors& in) {
  const Matrices x = square_matrices(in[0]);
  Collected signs, logs;
  for (const Matrix& a : x.items) {
    const Eigen::PartialPivLU<Eigen::MatrixXd> result{Eigen::MatrixXd(a)};
    double sign = static_cast<double>(result.permutationP().determinant());
    double log = 0;
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
      const double entry = result.matrixLU()(i, i);
      sign *= entry > 0 ? 1 : entry < 0 ? -1 : 0;
      log += std::log(std::abs(entry));
    }
    signs.add(sign);
    logs.add(log);
  }
  return {signs.tensor(x.batch, {}, in[0].dtype), logs.tensor(x.batch, {}, in[0].dtype)};
}

Matrix triangular_solution(const NodeDef& node, const Matrix& a, const Matrix& b) {
  const bool lower = node.flag("lower", true), adjoint = node.flag("adjoint");
  need(a.rows() == 0 || a.diagonal().cwiseAbs().minCoeff() > 0, "a triangular matrix cannot be inverted");
  if (lower && adjoint) return a.triangularView<Eigen::Lower>().transpose().solve(b);
  if (lower) return a.triangularView<Eigen::Lower>().solve(b);
  if (adjoint) return a.triangularView<Eigen::Upper>().transpose().solve(b);
  return a.triangularView<Eigen::Upper>().solve(b);
}

Matrix solution(const NodeDef& node, const Matrix& a, const Matrix& b) {
  if (node.op.ends_with("TriangularSolve")) return triangular_solution(node, a, b);
  if (a.rows() == 0 || a.cols() == 0) return Matrix::Zero(a.cols(), b.cols());
  return inverse_of(node.flag("adjoint") ? Matrix(a.transpose()) : a) * b;
}

Tensors solve(const NodeDef& node, Tensors& in) {
  const Matrices a = square_matrices(in[0]);
  const Matrices b = matrices_of(in[1]);
  const int64_t size = in[0].shape.back();
  need(in[1].shape[in[1].shape.rank() - 2] == size, "{} has no {} rows", in[1].shape.to_string(), size);
  const Shape batch = broadcast_shapes(a.batch, b.batch);
  need(batch == a.batch || batch == b.batch, "{} meets {}", in[0].shape.to_string(), in[1].shape.to_string());
  Collected out;
  for (int64_t i = 0; i < batch.elements(); ++i) {
    const auto pick_one = [&](const Matrices& from) -> const Matrix& {
      return from
          .items[from.batch == batch ? static_cast<size_t>(i) : static_cast<size_t>(i) % from.items.size()];
    };
    out.add(solution(node, pick_one(a), pick_one(b)));
  }
  return {out.tensor(batch, {size, in[1].shape.back()}, in[0].dtype)};
}

Tensors least_squares(const NodeDef& node, Tensors& in) {
  const Matrices a = matrices_of(in[0]);
  const Matrices b = matrices_of(in[1]);
  const double ridge = one_double(in[2], "l2_regularizer");
  need(a.batch == b.batch && in[0].shape[in[0].shape.rank() - 2] == in[1].shape[in[1].shape.rank() - 2],
       "{} does not fit {}", in[1].shape.to_string(), in[0].shape.to_string());
  const int64_t columns = in[0].shape.back();
  Collected out;
  for (size_t i = 0; i < a.items.size(); ++i) {
    const Eigen::MatrixXd x = a.items[i];
    if (ridge == 0 || !node.flag("fast", true)) {
      out.add(Eigen::MatrixXd(x.completeOrthogonalDecomposition().solve(Eigen::MatrixXd(b.items[i]))));
    } else {
      const Eigen::MatrixXd gram = x.transpose() * x + ridge * Eigen::MatrixXd::Identity(columns, columns);
      out.add(Eigen::MatrixXd(gram.ldlt().solve(x.transpose() * b.items[i])));
    }
  }
  return {out.tensor(a.batch, {columns, in[1].shape.back()}, in[0].dtype)};
}

Tensors self_adjoint_eigen(const NodeDef& node, Tensors& in) {
  const Matrices x = square_matrices(in[0]);
  const int64_t size = in[0].shape.back();
  const bool vectors = node.flag("compute_v", true);
  Collected values, columns;
  for (const Matrix& a : x.items) {
    if (size == 0) continue;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> result(
        Eigen::MatrixXd(a), vectors ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
    values.add(result.eigenvalues());
    if (vectors) columns.add(result.eigenvectors());
  }
  const DType dtype = in[0].dtype;
  return {values.tensor(x.batch, {size}, dtype),
          vectors ? columns.tensor(x.batch, {size, size}, dtype) : zeros(dtype, {0})};
}

Tensors cross(const NodeDef&, Tensors& in) {
  need(in[0].shape == in[1].shape && in[0].dtype == in[1].dtype && in[0].shape.rank() > 0 &&
           in[0].shape.back() == 3,
       "the cross product of {} and {}", in[0].shape.to_string(), in[1].shape.to_string());
  const std::vector<double> a = to_doubles(in[0]), b = to_doubles(in[1]);
  std::vector<double> out;
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t first = i / 3 * 3;
    const size_t p = first + (i % 3 + 1) % 3, q = first + (i % 3 + 2) % 3;
    out.push_back(a[p] * b[q] - a[q] * b[p]);
  }
  return {tensor_of_doubles(out, in[0].shape, in[0].dtype)};
}

constexpr ComputeRow kRows[] = {{"Svd", 1, svd, "s u v"},
                                {"BatchSvd", 1, svd, "s u v"},
                                {"Qr", 1, qr, "q r"},
                                {"Cholesky", 1, cholesky},
                                {"BatchCholesky", 1, cholesky},
                                {"Lu", 1, lu, "lu p"},
                                {"MatrixInverse", 1, inverse},
                                {"BatchMatrixInverse", 1, inverse},
                                {"MatrixDeterminant", 1, determinant},
                                {"BatchMatrixDeterminant", 1, determinant},
                                {"LogMatrixDeterminant", 1, log_determinant, "sign log_abs_determinant"},
                                {"MatrixSolve", 2, solve},
                                {"BatchMatrixSolve", 2, solve},
                                {"MatrixTriangularSolve", 2, solve},
                                {"BatchMatrixTriangularSolve", 2, solve},
                                {"MatrixSolveLs", 3, least_squares},
                                {"BatchMatrixSolveLs", 3, least_squares},
                                {"SelfAdjointEigV2", 1, self_adjoint_eigen, "e v"},
                                {"BatchSelfAdjointEigV2", 1, self_adjoint_eigen, "e v"},
                                {"Cross", 2, cross}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  return output_of(kRows, node, output);
}

}  // namespace

CORNU_TF_OP(linalg) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
