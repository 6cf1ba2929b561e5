// Epilogue: what a convolution or matrix product does to each sum before it is stored, so that bias, batch
// normalisation, residual additions and activations cost no pass over memory:
//   y = activation(sum * scale[channel] + shift[channel] + residual)
// An op with an epilogue carries the attributes "epilogue" (the roles of the extra inputs in their order,
// separated by spaces, a subset of "scale shift residual") and "activation" (empty, or a name below) with its
// parameters. scale and shift have the shape (out_channels,), residual the shape of y. All of it is read
// here, by references and kernels alike.
#pragma once

#include <optional>
#include <string_view>

#include "base/attrs.h"

namespace cornu {

// Definitions as in keras/src/activations/activations.py, 3.16.0. `a` and `b` are the parameters of
// ActivationSpec.
enum class Activation {
  none,
  relu,          // max(x, 0)
  clip,          // a if x < a, b if x > b, else x
  leaky_relu,    // x if x >= 0, else a * x
  sigmoid,       // 1 / (1 + exp(-x))
  tanh,          // tanh(x)
  silu,          // x * sigmoid(x)
  gelu,          // x * (1 + erf(x / sqrt(2))) / 2; if a is not 0, the approximation with tanh
  hard_sigmoid,  // clip(x + 3, 0, 6) / 6
  hard_silu,     // x * hard_sigmoid(x)
  elu,           // x if x > 0, else a * (exp(x) - 1)
  selu,          // 1.0507... * elu(x) with a = 1.6732...
  softplus,      // log(1 + exp(x))
  exp,           // exp(x)
};

// The activation of that name ("" is none); nothing if there is none.
std::optional<Activation> activation_named(std::string_view name);

// The name, as attributes write it. Lives forever.
std::string_view activation_name(Activation activation);

// The obvious formula in double; every kernel is tested against it. NaN gives NaN.
double apply_activation(Activation activation, double x, double a = 0, double b = 0);

struct Epilogue {
  int scale = -1;  // index of the input in the op's inputs, or -1
  int shift = -1;
  int residual = -1;
  Activation activation = Activation::none;
  float a = 0;  // clip: "activation_min"; leaky_relu: "activation_slope"; elu: "activation_alpha";
                // gelu: 1 if "activation_approximate"
  float b = 0;  // clip: "activation_max"

  // Reads the attributes; the first extra input has the index first_extra_input. Throws `internal` for an
  // unknown role, a repeated role or an unknown activation.
  static Epilogue parse(const Attrs& attrs, int first_extra_input);

  // How many inputs it takes: 0 to 3.
  int inputs() const { return (scale >= 0) + (shift >= 0) + (residual >= 0); }

  // y of one sum, in double. Pass 1, 0 and 0 for what is absent.
  double finish(double sum, double scale_value, double shift_value, double residual_value) const {
    return apply_activation(activation, sum * scale_value + shift_value + residual_value, a, b);
  }
};

}  // namespace cornu
