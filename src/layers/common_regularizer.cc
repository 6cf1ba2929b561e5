// See regularizer.h. Source: keras/src/regularizers/regularizers.py and keras/src/constraints/constraints.py, 3.15.
#include "layers/regularizer.h"

#include "base/fail.h"

namespace cornu::layers {
namespace {

using ir::GraphBuilder;
using ir::Value;

constexpr double kEpsilon = 1e-7;

double number(const Json& config, std::string_view key, double fallback) {
  return config[key].is_number() ? config[key].number() : fallback;
}

std::string class_of(const Json& serialized) {
  return serialized["class_name"].is_string() ? std::string(serialized["class_name"].string())
                                              : serialized.dump();
}

Value times(GraphBuilder& g, Value x, double factor) {
  return g.op("mul", {x, g.scalar_like(factor, x)});
}

// The mean of the products of different rows (or columns) of unit length.
Value orthogonal(GraphBuilder& g, const Json& config, Value x) {
  const bool rows = !config["mode"].is_string() || config["mode"].string() == "rows";
  if (g.rank(x) != 2)
    fail(ErrorCode::bad_shape, "OrthogonalRegularizer", "needs 2 axes, received {}", g.shape(x).to_string());
  const Attrs along{{"axes", Ints{rows ? 1 : 0}}, {"keepdims", true}};
  const Value squares = g.op("reduce_sum", {g.op("square", {x})}, along);
  const Value unit = g.op("mul", {x, g.op("rsqrt", {g.op("maximum", {squares, g.scalar_like(1e-12, x)})})});
  const Value product = g.op("matmul", {unit, unit}, {{"transpose_a", !rows}, {"transpose_b", rows}});
  const int64_t size = g.shape(x)[rows ? 0 : 1];
  std::vector<float> others(static_cast<size_t>(size * size), 1.0F);
  for (int64_t i = 0; i < size; ++i) others[static_cast<size_t>(i * size + i)] = 0;
  const Value outside =
      g.op("mul", {product, g.cast(g.constant(tensor_of(others, {size, size})), g.dtype(x))});
  const double pairs = static_cast<double>(size) * (static_cast<double>(size) - 1) / 2;
  return times(g, g.op("reduce_sum", {g.op("abs", {outside})}), number(config, "factor", 0.01) * 0.5 / pairs);
}

Value lengths(GraphBuilder& g, const Json& config, Value x) {
  Ints axes;
  if (config["axis"].is_integer()) axes.push_back(config["axis"].integer());
  for (const Json& axis : config["axis"].elements()) axes.push_back(axis.integer());
  if (axes.empty()) axes.push_back(0);
  return g.op("sqrt", {g.op("reduce_sum", {g.op("square", {x})}, {{"axes", axes}, {"keepdims", true}})});
}

}  // namespace

Value penalty_of(GraphBuilder& g, const Json& regularizer, Value x) {
  const Json config = regularizer["config"];
  const std::string kind = class_of(regularizer);
  if (kind == "OrthogonalRegularizer") return orthogonal(g, config, x);
  if (kind != "L1" && kind != "L2" && kind != "L1L2")
    fail(ErrorCode::unsupported, "regularizer", "there is no regularizer '{}' to train with", kind);
  const double l1 = kind == "L2" ? 0 : number(config, "l1", kind == "L1" ? 0.01 : 0);
  const double l2 = kind == "L1" ? 0 : number(config, "l2", kind == "L2" ? 0.01 : 0);
  Value sum;
  for (const auto& [factor, op] : {std::pair(l1, "abs"), std::pair(l2, "square")}) {
    if (factor == 0) continue;
    const Value part = times(g, g.op("reduce_sum", {g.op(op, {x})}), factor);
    sum = sum.valid() ? g.op("add", {sum, part}) : part;
  }
  return sum.valid() ? sum : g.scalar_like(0, x);
}

Value constrained(GraphBuilder& g, const Json& constraint, Value x) {
  const Json config = constraint["config"];
  const std::string kind = class_of(constraint);
  if (kind == "NonNeg") return g.op("maximum", {x, g.scalar_like(0, x)});
  if (kind != "MaxNorm" && kind != "UnitNorm" && kind != "MinMaxNorm")
    fail(ErrorCode::unsupported, "constraint", "there is no constraint '{}' to train with", kind);
  const Value norm = lengths(g, config, x);
  Value wanted = g.scalar_like(1, x);
  if (kind == "MaxNorm")
    wanted = g.op("clip", {norm}, {{"min", 0.0}, {"max", number(config, "max_value", 2)}});
  if (kind == "MinMaxNorm") {
    const double rate = number(config, "rate", 1);
    const Attrs bounds{{"min", number(config, "min_value", 0)}, {"max", number(config, "max_value", 1)}};
    wanted = g.op("add", {times(g, g.op("clip", {norm}, bounds), rate), times(g, norm, 1 - rate)});
  }
  return g.op("mul", {x, g.op("div", {wanted, g.op("add", {norm, g.scalar_like(kEpsilon, x)})})});
}

}  // namespace cornu::layers
