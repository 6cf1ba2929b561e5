// Activations by name: what "activation": "relu" in a layer's config means. See LayerCall::activate.
// Source: keras/src/activations/activations.py, 3.15; hard_sigmoid of Keras 1 and 2: clip(0.2 x + 0.5, 0, 1).
#include "layers/layer.h"

namespace cornu::layers {
namespace {

Value hard_sigmoid(LayerCall& call, Value x) {
  if (call.dialect.keras_major >= 3) return call.g.op("hard_sigmoid", {x});
  const Value scaled = call.g.op("mul", {x, call.g.scalar_like(0.2, x)});
  return call.g.op("clip", {call.g.op("add", {scaled, call.g.scalar_like(0.5, x)})}, {{"min", 0.0}, {"max", 1.0}});
}

Value glu(LayerCall& call, Value x) {
  const int64_t size = call.g.shape(x).back();
  if (size == Shape::kUnknown || size % 2 != 0) call.fail(ErrorCode::bad_shape, "glu needs an even last axis, received {}", size);
  const auto part = [&](int64_t begin) {
    const auto last = static_cast<int64_t>(call.g.rank(x) - 1);
    return call.g.op("slice_axis", {x}, {{"axis", last}, {"begin", begin}, {"size", size / 2}});
  };
  return call.g.op("mul", {part(0), call.g.op("sigmoid", {part(size / 2)})});
}

Value threshold(LayerCall& call, Value x, double limit, double replacement) {
  const Value above = call.g.op("greater", {x, call.g.scalar_like(limit, x)});
  return call.g.op("select", {above, x, call.g.scalar_like(replacement, x)});
}

// Names without arguments that are one op of the same or another name.
struct Plain {
  std::string_view keras_name;
  std::string_view op;
};
constexpr Plain kPlain[] = {
    {"relu", "relu"}, {"sigmoid", "sigmoid"}, {"tanh", "tanh"}, {"selu", "selu"}, {"softplus", "softplus"},
    {"softsign", "softsign"}, {"silu", "silu"}, {"swish", "silu"}, {"mish", "mish"}, {"exponential", "exp"},
    {"exp", "exp"}, {"log_sigmoid", "log_sigmoid"}, {"hard_silu", "hard_silu"}, {"hard_swish", "hard_silu"},
    {"tanh_shrink", "tanh_shrink"}, {"soft_shrink", "soft_shrink"}, {"hard_shrink", "hard_shrink"}, {"squareplus", "squareplus"},
    {"sparse_plus", "sparse_plus"}, {"sparse_sigmoid", "sparse_sigmoid"}, {"hard_tanh", "hard_tanh"}, {"celu", "celu"},
};

Value activate_by_name(LayerCall& call, Value x, std::string_view name) {
  for (const Plain& plain : kPlain) {
    if (plain.keras_name == name) return call.g.op(plain.op, {x});
  }
  GraphBuilder& g = call.g;
  if (name == "linear") return x;
  if (name == "hard_sigmoid") return hard_sigmoid(call, x);
  if (name == "relu6") return g.op("clip", {x}, {{"min", 0.0}, {"max", 6.0}});
  if (name == "elu") return g.op("elu", {x}, {{"alpha", 1.0}});
  if (name == "leaky_relu") return g.op("leaky_relu", {x}, {{"slope", 0.2}});
  if (name == "gelu") return g.op("gelu", {x}, {{"approximate", false}});
  if (name == "softmax") return g.op("softmax", {x}, {{"axis", int64_t{-1}}});
  if (name == "log_softmax") return g.op("log_softmax", {x}, {{"axis", int64_t{-1}}});
  if (name == "sparsemax") return g.op("sparsemax", {x}, {{"axis", int64_t{-1}}});
  if (name == "glu") return glu(call, x);
  if (name == "threshold") return threshold(call, x, 0.0, 0.0);
  call.fail(ErrorCode::unsupported, "the activation '{}' is unknown to Cornu: a custom function, or one of a later release", name);
}

}  // namespace

Value LayerCall::activate(Value x, Keys keys) { return activate(x, config.raw(keys)); }

Value LayerCall::activate(Value x, const Json& activation) {
  if (!activation.exists() || activation.is_null()) return x;
  if (activation.is_string()) {
    std::string_view name = activation.string();
    if (const size_t mark = name.rfind('>'); mark != std::string_view::npos) name.remove_prefix(mark + 1);
    return activate_by_name(*this, x, name);
  }
  // A serialized function ({"class_name": "function", "config": "relu"}) or a layer used as an activation.
  if (activation["class_name"].is_string() && activation["class_name"].string() == "function") return activate(x, activation["config"]);
  if (activation.is_object()) return call_child(child("activation", activation), {x}).front();
  config.fail_value("activation", activation, "the name of an activation, a serialized function or layer, or null");
}

}  // namespace cornu::layers
