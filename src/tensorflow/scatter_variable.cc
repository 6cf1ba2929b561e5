// Rows of a variable that are changed where indices name them, and assignments to what a frozen graph has in place of a variable.
//   ScatterAdd, Sub, Mul, Div, Min, Max, Update; ScatterNdAdd, Sub, Min, Max, Update; the same with Resource in front
// Inputs  the variable (or, frozen, its value), indices (n...), or (n..., depth) for Nd, and updates (n..., rows), or a scalar
// Source  tensorflow/core/ops/{state_ops,resource_variable_ops}.cc and kernels/scatter_*op.cc, 2.21
#include <algorithm>

#include "ops/op.h"
#include "tensorflow/compute.h"
#include "tensorflow/importer.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

template <class T>
T changed(std::string_view op, T present, T update) {
  if (op.ends_with("Add")) return static_cast<T>(present + update);
  if (op.ends_with("Sub")) return static_cast<T>(present - update);
  if (op.ends_with("Mul")) return static_cast<T>(present * update);
  if (op.ends_with("Min")) return std::min(present, update);
  if (op.ends_with("Max")) return std::max(present, update);
  if (op.ends_with("Update")) return update;
  if constexpr (std::is_integral_v<T>) need(update != 0, "a number is divided by 0");
  return static_cast<T>(present / update);
}

// The number of the row of `x` that each index names.
std::vector<int64_t> rows_of(const Tensor& x, const Tensor& indices, int64_t depth) {
  const std::vector<int64_t> values = to_ints(indices);
  std::vector<int64_t> rows;
  for (size_t i = 0; depth > 0 && i < values.size(); i += static_cast<size_t>(depth)) {
    int64_t row = 0;
    for (int64_t axis = 0; axis < depth; ++axis) {
      const int64_t index = values[i + static_cast<size_t>(axis)], size = x.shape[static_cast<int>(axis)];
      need(index >= 0 && index < size, "index {} is outside an axis of size {}", index, size);
      row = row * size + index;
    }
    rows.push_back(row);
  }
  return rows;
}

Tensors scatter(const NodeDef& node, Tensors& in) {
  const Tensor &x = in[0], &indices = in[1], &updates = in[2];
  const bool vectors = node.op.find("Nd") != std::string_view::npos;
  need(!vectors || indices.shape.rank() > 0, "the indices are no vectors");
  const int64_t depth = vectors ? indices.shape.back() : 1;
  need(depth <= x.shape.rank(), "indices {} do not fit {}", indices.shape.to_string(), x.shape.to_string());
  const Shape places = sub_shape(indices.shape, 0, indices.shape.rank() - (vectors ? 1 : 0));
  const Shape row = sub_shape(x.shape, static_cast<int>(depth), x.shape.rank());
  const bool one = updates.shape.rank() == 0;
  need(updates.dtype == x.dtype && (one || updates.shape == joined(places, row)),
       "updates {} do not fit indices {} and {}", updates.shape.to_string(), indices.shape.to_string(),
       x.shape.to_string());
  need_number(x, "the variable");
  const std::vector<int64_t> rows = rows_of(x, indices, depth);
  const auto width = static_cast<size_t>(row.elements());
  return {ops::with_number_type(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T> out = elements<T>(x);
    const std::vector<T> from = elements<T>(updates);
    for (size_t i = 0; i < rows.size(); ++i) {
      for (size_t k = 0; k < width; ++k) {
        T& y = out[static_cast<size_t>(rows[i]) * width + k];
        y = changed<T>(node.op, y, from[one ? 0 : i * width + k]);
      }
    }
    return tensor_from(out, x.shape, x.dtype);
  })};
}

constexpr ComputeRow kRows[] = {{"ScatterAdd", 3, scatter},
                                {"ScatterSub", 3, scatter},
                                {"ScatterMul", 3, scatter},
                                {"ScatterDiv", 3, scatter},
                                {"ScatterMin", 3, scatter},
                                {"ScatterMax", 3, scatter},
                                {"ScatterUpdate", 3, scatter},
                                {"ScatterNdAdd", 3, scatter},
                                {"ScatterNdSub", 3, scatter},
                                {"ScatterNdMin", 3, scatter},
                                {"ScatterNdMax", 3, scatter},
                                {"ScatterNdUpdate", 3, scatter},
                                {"ResourceScatterAdd", 3, scatter},
                                {"ResourceScatterSub", 3, scatter},
                                {"ResourceScatterMul", 3, scatter},
                                {"ResourceScatterDiv", 3, scatter},
                                {"ResourceScatterMin", 3, scatter},
                                {"ResourceScatterMax", 3, scatter},
                                {"ResourceScatterUpdate", 3, scatter},
                                {"ResourceScatterNdAdd", 3, scatter},
                                {"ResourceScatterNdSub", 3, scatter},
                                {"ResourceScatterNdMin", 3, scatter},
                                {"ResourceScatterNdMax", 3, scatter},
                                {"ResourceScatterNdUpdate", 3, scatter}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

constexpr TfOpDef kComputed = {.names = kNames, .compute = compute};

std::vector<Operand> import(ImportCall& call) {
  if (call.in.size() < 3)
    call.fail(ErrorCode::bad_file, "the node has {} inputs, three are needed", call.in.size());
  const ResourcePtr resource = call.in[0].resource;
  const Value present = resource ? call.read(resource) : call.value(0);
  const Value value =
      add_late(call.g, call.def, &kComputed, nullptr, {present, call.value(1), call.value(2)}, 1)[0];
  return {{resource ? call.assign(resource, {}, value) : value, {}, false, {}}};
}

}  // namespace

CORNU_TF_OP(scatter_variable) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
