// Ops that TensorFlow has with the same meaning, element by element.
#include <algorithm>

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

struct Same {
  std::string_view op;
  std::string_view tensorflow;
};
constexpr Same kSame[] = {{"add", "AddV2"},
                          {"sub", "Sub"},
                          {"mul", "Mul"},
                          {"floor_div", "FloorDiv"},
                          {"mod", "FloorMod"},
                          {"pow", "Pow"},
                          {"maximum", "Maximum"},
                          {"minimum", "Minimum"},
                          {"squared_difference", "SquaredDifference"},
                          {"atan2", "Atan2"},
                          {"equal", "Equal"},
                          {"not_equal", "NotEqual"},
                          {"greater", "Greater"},
                          {"greater_equal", "GreaterEqual"},
                          {"less", "Less"},
                          {"less_equal", "LessEqual"},
                          {"relu", "Relu"},
                          {"selu", "Selu"},
                          {"softplus", "Softplus"},
                          {"softsign", "Softsign"},
                          {"sigmoid", "Sigmoid"},
                          {"tanh", "Tanh"},
                          {"exp", "Exp"},
                          {"expm1", "Expm1"},
                          {"log", "Log"},
                          {"log1p", "Log1p"},
                          {"sqrt", "Sqrt"},
                          {"rsqrt", "Rsqrt"},
                          {"reciprocal", "Reciprocal"},
                          {"erf", "Erf"},
                          {"sin", "Sin"},
                          {"cos", "Cos"},
                          {"tan", "Tan"},
                          {"asin", "Asin"},
                          {"acos", "Acos"},
                          {"atan", "Atan"},
                          {"sinh", "Sinh"},
                          {"cosh", "Cosh"},
                          {"asinh", "Asinh"},
                          {"acosh", "Acosh"},
                          {"atanh", "Atanh"},
                          {"floor", "Floor"},
                          {"ceil", "Ceil"},
                          {"round", "Round"},
                          {"is_nan", "IsNan"},
                          {"is_inf", "IsInf"},
                          {"is_finite", "IsFinite"},
                          {"neg", "Neg"},
                          {"abs", "Abs"},
                          {"sign", "Sign"},
                          {"square", "Square"},
                          {"identity", "Identity"}};

constexpr std::array<std::string_view, 56> names() {
  std::array<std::string_view, 56> all{};
  for (size_t i = 0; i < std::size(kSame); ++i) all[i] = kSame[i].op;
  return all;
}

void lower(TfCall& call) {
  const auto found = std::find_if(std::begin(kSame), std::end(kSame),
                                  [&](const Same& same) { return same.op == call.node.op->name; });
  std::vector<Ref> inputs;
  for (size_t i = 0; i < call.inputs(); ++i) inputs.push_back(call.in(i));
  call.out(call.op(found->tensorflow, std::move(inputs)));
}

}  // namespace

CORNU_TF_LOWERING(elementwise) = {names(), lower};

}  // namespace cornu::exporting
