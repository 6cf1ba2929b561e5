#include <algorithm>
#include <unordered_map>

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {

// Each file of this folder that is not common_* defines one `const TfOpDef tensorflow_<file>`.
#define ENTRY(unit) extern const TfOpDef tensorflow_##unit;
#include "gen/tensorflow_table.inc"
#undef ENTRY

namespace {

#define ENTRY(unit) &tensorflow_##unit,
constexpr const TfOpDef* kOps[] = {
#include "gen/tensorflow_table.inc"
};
#undef ENTRY

// Made at the first use: a process that reads no TensorFlow graph does not pay for it.
const std::unordered_map<std::string_view, const TfOpDef*>& index() {
  static const auto made = [] {
    std::unordered_map<std::string_view, const TfOpDef*> ops;
    for (const TfOpDef* op : kOps) {
      for (std::string_view name : op->names) ops.emplace(name, op);
    }
    return ops;
  }();
  return made;
}

// TensorFlow ops with exactly the meaning of an IR op: the same inputs, and no attribute that matters. IR ops may name
// theirs in OpDef::tf_names as well.
struct PlainOp {
  std::string_view tensorflow;
  std::string_view op;
};
constexpr PlainOp kPlainOps[] = {
    {"Abs", "abs"},
    {"Acos", "acos"},
    {"Acosh", "acosh"},
    {"Add", "add"},
    {"AddV2", "add"},
    {"Asin", "asin"},
    {"Asinh", "asinh"},
    {"Atan", "atan"},
    {"Atan2", "atan2"},
    {"Atanh", "atanh"},
    {"Ceil", "ceil"},
    {"Cos", "cos"},
    {"Cosh", "cosh"},
    {"Elu", "elu"},
    {"Equal", "equal"},
    {"Erf", "erf"},
    {"Exp", "exp"},
    {"Expm1", "expm1"},
    {"Floor", "floor"},
    {"FloorDiv", "floor_div"},
    {"FloorMod", "mod"},
    {"Greater", "greater"},
    {"GreaterEqual", "greater_equal"},
    {"Inv", "reciprocal"},
    {"IsFinite", "is_finite"},
    {"IsInf", "is_inf"},
    {"IsNan", "is_nan"},
    {"Less", "less"},
    {"LessEqual", "less_equal"},
    {"Log", "log"},
    {"Log1p", "log1p"},
    {"LogSoftmax", "log_softmax"},
    {"LogicalAnd", "logical_and"},
    {"LogicalNot", "logical_not"},
    {"LogicalOr", "logical_or"},
    {"Maximum", "maximum"},
    {"Minimum", "minimum"},
    {"Mul", "mul"},
    {"Neg", "neg"},
    {"NotEqual", "not_equal"},
    {"Pow", "pow"},
    {"RealDiv", "div"},
    {"Reciprocal", "reciprocal"},
    {"Relu", "relu"},
    {"Rint", "round"},
    {"Round", "round"},
    {"Rsqrt", "rsqrt"},
    {"SelectV2", "select"},
    {"Selu", "selu"},
    {"Sigmoid", "sigmoid"},
    {"Sign", "sign"},
    {"Sin", "sin"},
    {"Sinh", "sinh"},
    {"Softmax", "softmax"},
    {"Softplus", "softplus"},
    {"Softsign", "softsign"},
    {"Sqrt", "sqrt"},
    {"Square", "square"},
    {"SquaredDifference", "squared_difference"},
    {"Sub", "sub"},
    {"Tan", "tan"},
    {"Tanh", "tanh"},
};

const std::unordered_map<std::string_view, const ir::OpDef*>& plain_index() {
  static const auto made = [] {
    std::unordered_map<std::string_view, const ir::OpDef*> ops;
    for (const ir::OpDef* op : ir::all_ops()) {
      for (std::string_view name : op->tf_names) ops.emplace(name, op);
    }
    for (const PlainOp& plain : kPlainOps) ops.emplace(plain.tensorflow, ir::find_op(plain.op));
    return ops;
  }();
  return made;
}

}  // namespace

const TfOpDef* find_tf_op(std::string_view name) {
  const auto found = index().find(name);
  return found == index().end() ? nullptr : found->second;
}

const ir::OpDef* find_plain_op(std::string_view name) {
  const auto found = plain_index().find(name);
  return found == plain_index().end() ? nullptr : found->second;
}

std::vector<std::string_view> all_tf_ops() {
  std::vector<std::string_view> names;
  for (const auto& [name, op] : index()) names.push_back(name);
  for (const auto& [name, op] : plain_index()) names.push_back(name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace cornu::tensorflow
