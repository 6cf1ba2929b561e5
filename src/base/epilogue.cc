#include "base/epilogue.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/fail.h"

namespace cornu {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 14> kNames = {"",     "relu", "clip",     "leaky_relu",   "sigmoid",
                                                     "tanh", "silu", "gelu",     "hard_sigmoid", "hard_silu",
                                                     "elu",  "selu", "softplus", "exp"};

// The fixed point of mean 0 and variance 1: Klambauer et al., Self-Normalizing Neural Networks, 2017.
constexpr double kSeluAlpha = 1.6732632423543772848170429916717;
constexpr double kSeluScale = 1.0507009873554804934193349852946;

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

double hard_sigmoid(double x) {
  return x < -3 ? 0 : x > 3 ? 1 : (x + 3) / 6;
}

double gelu(double x, bool approximate) {
  if (!approximate) return 0.5 * x * std::erfc(-x / std::sqrt(2.0));
  const double kRootTwoOverPi = std::sqrt(2 / 3.14159265358979323846);
  return 0.5 * x *
         (1 + std::tanh(kRootTwoOverPi * (x + 0.044715 * x * x * x)));  // Hendrycks and Gimpel, 2016
}

double softplus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

void read_activation(const Attrs& attrs, Epilogue& epilogue) {
  const std::string name = attrs.text("activation", "");
  const std::optional<Activation> activation = activation_named(name);
  if (!activation) fail(ErrorCode::internal, "epilogue", "there is no activation '{}'", name);
  epilogue.activation = *activation;
  switch (*activation) {
    case Activation::clip:
      epilogue.a = static_cast<float>(attrs.number("activation_min"));
      epilogue.b = static_cast<float>(attrs.number("activation_max"));
      break;
    case Activation::leaky_relu:
      epilogue.a = static_cast<float>(attrs.number("activation_slope"));
      break;
    case Activation::elu:
      epilogue.a = static_cast<float>(attrs.number("activation_alpha", 1.0));
      break;
    case Activation::gelu:
      epilogue.a = attrs.flag("activation_approximate") ? 1.0F : 0.0F;
      break;
    default:
      break;
  }
}

}  // namespace

std::optional<Activation> activation_named(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); i++) {
    if (kNames[i] == name) return static_cast<Activation>(i);
  }
  return std::nullopt;
}

std::string_view activation_name(Activation activation) {
  return kNames[static_cast<size_t>(activation)];
}

double apply_activation(Activation activation, double x, double a, double b) {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::relu:
      return x < 0 ? 0 : x;
    case Activation::clip:
      return x < a ? a : x > b ? b : x;
    case Activation::leaky_relu:
      return x < 0 ? a * x : x;
    case Activation::sigmoid:
      return sigmoid(x);
    case Activation::tanh:
      return std::tanh(x);
    case Activation::silu:
      return x * sigmoid(x);
    case Activation::gelu:
      return gelu(x, a != 0);
    case Activation::hard_sigmoid:
      return hard_sigmoid(x);
    case Activation::hard_silu:
      return x * hard_sigmoid(x);
    case Activation::elu:
      return x > 0 ? x : a * std::expm1(x);
    case Activation::selu:
      return kSeluScale * (x > 0 ? x : kSeluAlpha * std::expm1(x));
    case Activation::softplus:
      return softplus(x);
    case Activation::exp:
      return std::exp(x);
  }
  fail(ErrorCode::internal, "epilogue", "there is no activation number {}", static_cast<int>(activation));
}

Epilogue Epilogue::parse(const Attrs& attrs, int first_extra_input) {
  Epilogue epilogue;
  const std::string roles = attrs.text("epilogue", "");
  int input = first_extra_input;
  for (size_t begin = 0; begin < roles.size();) {
    const size_t end = std::min(roles.find(' ', begin), roles.size());
    const std::string_view role = std::string_view(roles).substr(begin, end - begin);
    begin = end + 1;
    int* const index = role == "scale"      ? &epilogue.scale
                       : role == "shift"    ? &epilogue.shift
                       : role == "residual" ? &epilogue.residual
                                            : nullptr;
    if (index == nullptr) fail(ErrorCode::internal, "epilogue", "there is no role '{}' in '{}'", role, roles);
    if (*index >= 0)
      fail(ErrorCode::internal, "epilogue", "the role '{}' is given twice in '{}'", role, roles);
    *index = input++;
  }
  read_activation(attrs, epilogue);
  return epilogue;
}

}  // namespace cornu
