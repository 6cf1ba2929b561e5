// Activations by name: what "activation": "relu" in a layer's config means. See LayerCall::activate.
// Source: keras/src/activations/activations.py, 3.15; hard_sigmoid of Keras 1 and 2: clip(0.2 x + 0.5, 0, 1).
#include "layers/activations.h"
#include "layers/import_scope.h"

namespace cornu::layers {

Value relu(GraphBuilder& g, Value x, double slope, std::optional<double> max_value, double threshold) {
  if (slope != 0 && !max_value && threshold == 0) return g.op("leaky_relu", {x}, {{"slope", slope}});
  const Value limit = g.scalar_like(threshold, x);
  Value y;
  if (threshold != 0) {
    y = g.op("select", {g.op("greater", {x, limit}), x, g.scalar_like(0.0, x)});
    if (max_value) y = g.op("clip", {y}, {{"min", 0.0}, {"max", *max_value}});
  } else {
    y = max_value ? g.op("clip", {x}, {{"min", 0.0}, {"max", *max_value}}) : g.op("relu", {x});
  }
  if (slope == 0) return y;
  const Value below = g.op("relu", {g.op("sub", {limit, x})});
  return g.op("sub", {y, g.op("mul", {g.scalar_like(slope, x), below})});
}

Value softmax(GraphBuilder& g, Value x, const Ints& axes) {
  if (axes.size() == 1) return g.op("softmax", {x}, {{"axis", axes[0]}});
  const Attrs over{{"axes", axes}, {"keepdims", true}};
  const Value shifted = g.op("exp", {g.op("sub", {x, g.op("reduce_max", {x}, over)})});
  return g.op("div", {shifted, g.op("reduce_sum", {shifted}, over)});
}

Value glu(GraphBuilder& g, Value x, int axis) {
  const int64_t size = g.shape(x)[axis];
  if (size == Shape::kUnknown || size % 2 != 0) {
    fail(ErrorCode::bad_shape, g.graph().layer(), "glu needs an axis of even size, received shape {}",
         g.shape(x).to_string());
  }
  const auto part = [&](int64_t begin) {
    return g.op("slice_axis", {x}, {{"axis", int64_t{axis}}, {"begin", begin}, {"size", size / 2}});
  };
  return g.op("mul", {part(0), g.op("sigmoid", {part(size / 2)})});
}

Value threshold(GraphBuilder& g, Value x, double limit, double replacement) {
  const Value above = g.op("greater", {x, g.scalar_like(limit, x)});
  return g.op("select", {above, x, g.scalar_like(replacement, x)});
}

Value hard_sigmoid(GraphBuilder& g, Value x, const Dialect& dialect) {
  if (dialect.keras_major >= 3) return g.op("hard_sigmoid", {x});
  const Value scaled = g.op("mul", {x, g.scalar_like(0.2, x)});
  return g.op("clip", {g.op("add", {scaled, g.scalar_like(0.5, x)})}, {{"min", 0.0}, {"max", 1.0}});
}

namespace {

// Names without arguments that are one op of the same or another name.
struct Plain {
  std::string_view keras_name;
  std::string_view op;
};
constexpr Plain kPlain[] = {
    {"relu", "relu"},
    {"sigmoid", "sigmoid"},
    {"tanh", "tanh"},
    {"selu", "selu"},
    {"softplus", "softplus"},
    {"softsign", "softsign"},
    {"silu", "silu"},
    {"swish", "silu"},
    {"mish", "mish"},
    {"exponential", "exp"},
    {"exp", "exp"},
    {"log_sigmoid", "log_sigmoid"},
    {"hard_silu", "hard_silu"},
    {"hard_swish", "hard_silu"},
    {"tanh_shrink", "tanh_shrink"},
    {"soft_shrink", "soft_shrink"},
    {"hard_shrink", "hard_shrink"},
    {"squareplus", "squareplus"},
    {"sparse_plus", "sparse_plus"},
    {"sparse_sigmoid", "sparse_sigmoid"},
    {"hard_tanh", "hard_tanh"},
    {"gelu", "gelu"},
    {"log_softmax", "log_softmax"},
    {"sparsemax", "sparsemax"},
};

}  // namespace

Value activation_by_name(GraphBuilder& g, Value x, std::string_view name, const Dialect& dialect) {
  for (const Plain& plain : kPlain) {
    if (plain.keras_name == name) return g.op(plain.op, {x});
  }
  if (name == "linear") return x;
  if (name == "elu" || name == "celu") return g.op(name, {x}, {{"alpha", 1.0}});
  if (name == "hard_sigmoid") return hard_sigmoid(g, x, dialect);
  if (name == "relu6") return g.op("clip", {x}, {{"min", 0.0}, {"max", 6.0}});
  if (name == "leaky_relu") return g.op("leaky_relu", {x}, {{"slope", 0.2}});
  if (name == "softmax") return g.op("softmax", {x}, {{"axis", int64_t{-1}}});
  if (name == "glu") return glu(g, x, g.rank(x) - 1);
  return {};
}

Value LayerCall::activate(Value x, Keys keys) {
  return activate(x, config.raw(keys), *keys.begin());
}

Value LayerCall::activate(Value x, const Json& activation, std::string_view key) {
  if (!activation.exists() || activation.is_null()) return x;
  if (activation.is_string()) {
    std::string_view name = activation.string();
    const auto custom = ImportScope::find(name, {}, layer.name);
    if (custom && custom->stands_for().empty()) return call_custom(g, *custom, x);
    if (const size_t mark = name.rfind('>'); mark != std::string_view::npos) name.remove_prefix(mark + 1);
    const Value y = activation_by_name(g, x, name, dialect);
    if (!y.valid())
      config.fail_value(key, activation,
                        "an activation of Keras; for a custom function, or one of a later release, pass "
                        "custom_objects={\"name\": function}");
    return y;
  }
  // A serialized function ({"class_name": "function", "config": "relu"}) or a layer used as an activation.
  const Json class_name = activation["class_name"];
  if (class_name.is_string() && class_name.string() == "function" && activation["config"].is_string())
    return activate(x, activation["config"], key);
  if (activation.is_object()) {
    const std::vector<Value> out = call_child(child(std::string(key), activation), {x});
    if (out.size() == 1) return out.front();
  }
  config.fail_value(key, activation, "the name of an activation, a serialized function or layer, or null");
}

}  // namespace cornu::layers
