// Activations. Formulas: docs/design/ops.md;
// keras/src/backend/tensorflow/nn.py, 3.15.1
#include <cmath>

#include "export/tensorflow/activations.h"

namespace cornu::exporting {
namespace {

// Short spellings for nodes of one type.
struct Nodes {
  TfFunction& f;
  DType type;

  Ref op(std::string_view name, std::vector<Ref> inputs, TfAttrs more = {}) const {
    more.insert(more.begin(), {"T", type_of(type)});
    return f.add(name, std::move(inputs), std::move(more));
  }
  Ref num(double value) const { return f.constant(scalar(value, type)); }
  Ref add(const Ref& a, const Ref& b) const { return op("AddV2", {a, b}); }
  Ref sub(const Ref& a, const Ref& b) const { return op("Sub", {a, b}); }
  Ref mul(const Ref& a, const Ref& b) const { return op("Mul", {a, b}); }
  Ref clip(const Ref& x, double low, double high) const {
    return op("Minimum", {op("Maximum", {x, num(low)}), num(high)});
  }
  Ref select(const Ref& condition, const Ref& a, const Ref& b) const {
    return op("SelectV2", {condition, a, b});
  }
  Ref less(const Ref& a, const Ref& b) const { return op("Less", {a, b}); }
};

Ref gelu(const Nodes& n, const Ref& x, bool approximate) {
  if (!approximate) {
    const Ref erf = n.op("Erf", {n.mul(x, n.num(std::sqrt(0.5)))});
    return n.mul(n.mul(x, n.num(0.5)), n.add(erf, n.num(1)));
  }
  const Ref cube = n.mul(n.op("Square", {x}), x);
  const Ref inner = n.mul(n.add(x, n.mul(cube, n.num(0.044715))), n.num(std::sqrt(2 / M_PI)));
  return n.mul(n.mul(x, n.num(0.5)), n.add(n.op("Tanh", {inner}), n.num(1)));
}

Ref hard_sigmoid(const Nodes& n, const Ref& x) {
  return n.mul(n.op("Relu6", {n.add(x, n.num(3))}), n.num(1.0 / 6));
}

Ref shrink(const Nodes& n, std::string_view name, const Ref& x, double threshold) {
  if (name == "tanh_shrink") return n.sub(x, n.op("Tanh", {x}));
  const Ref size = n.op("Abs", {x});
  const Ref inside = n.op("LessEqual", {size, n.num(threshold)});
  const Ref outer = name == "hard_shrink" ? x : n.mul(n.op("Sign", {x}), n.sub(size, n.num(threshold)));
  return n.select(inside, n.op("ZerosLike", {x}), outer);
}

Ref sparse_plus(const Nodes& n, const Ref& x) {
  const Ref curve = n.mul(n.op("Square", {n.add(x, n.num(1))}), n.num(0.25));
  const Ref low = n.op("LessEqual", {x, n.num(-1)});
  return n.select(low, n.op("ZerosLike", {x}), n.select(n.less(x, n.num(1)), curve, x));
}

}  // namespace

Ref activation(TfCall& call, TfFunction& function, std::string_view name, const Ref& x, DType type,
               const Attrs& attrs) {
  const Nodes n{function, type};
  const double alpha = attrs.number("alpha", 1);
  if (name == "linear" || name.empty()) return x;
  if (name == "relu") return n.op("Relu", {x});
  if (name == "relu6") return n.op("Relu6", {x});
  if (name == "sigmoid") return n.op("Sigmoid", {x});
  if (name == "tanh") return n.op("Tanh", {x});
  if (name == "softplus") return n.op("Softplus", {x});
  if (name == "softsign") return n.op("Softsign", {x});
  if (name == "selu") return n.op("Selu", {x});
  if (name == "exponential") return n.op("Exp", {x});
  if (name == "leaky_relu")
    return n.op("LeakyRelu", {x}, {{"alpha", static_cast<float>(attrs.number("slope", 0.2))}});
  if (name == "elu" && alpha == 1) return n.op("Elu", {x});
  if (name == "elu")
    return n.select(n.op("Greater", {x, n.num(0)}), x, n.mul(n.op("Expm1", {x}), n.num(alpha)));
  if (name == "celu") {
    const Ref below = n.mul(n.op("Expm1", {n.op("RealDiv", {x, n.num(alpha)})}), n.num(alpha));
    return n.add(n.op("Relu", {x}), n.op("Minimum", {below, n.num(0)}));
  }
  if (name == "silu" || name == "swish") return n.mul(x, n.op("Sigmoid", {x}));
  if (name == "gelu") return gelu(n, x, attrs.flag("approximate"));
  if (name == "mish") return n.mul(x, n.op("Tanh", {n.op("Softplus", {x})}));
  if (name == "log_sigmoid") return n.op("Neg", {n.op("Softplus", {n.op("Neg", {x})})});
  if (name == "hard_sigmoid") return hard_sigmoid(n, x);
  if (name == "hard_sigmoid_2") return n.clip(n.add(n.mul(x, n.num(0.2)), n.num(0.5)), 0, 1);
  if (name == "hard_silu" || name == "hard_swish") return n.mul(x, hard_sigmoid(n, x));
  if (name == "hard_tanh") return n.clip(x, -1, 1);
  if (name.ends_with("_shrink")) return shrink(n, name, x, attrs.number("threshold", 0.5));
  if (name == "sparse_plus") return sparse_plus(n, x);
  if (name == "sparse_sigmoid") return n.clip(n.mul(n.add(x, n.num(1)), n.num(0.5)), 0, 1);
  if (name == "squareplus") {
    const Ref root = n.op("Sqrt", {n.add(n.op("Square", {x}), n.num(attrs.number("b", 4)))});
    return n.mul(n.add(x, root), n.num(0.5));
  }
  call.fail("the activation {} cannot be written for TensorFlow", name);
}

namespace {

void lower(TfCall& call) {
  call.out(activation(call, call.function(), call.node.op->name, call.in(0), call.dtype(), call.attrs));
}

}  // namespace

CORNU_TF_LOWERING(activation) = {
    .ops = {"leaky_relu", "elu", "celu", "silu", "gelu", "mish", "log_sigmoid", "hard_sigmoid", "hard_silu",
            "hard_tanh", "tanh_shrink", "soft_shrink", "hard_shrink", "sparse_plus", "sparse_sigmoid",
            "squareplus"},
    .lower = lower};

}  // namespace cornu::exporting
