// Shapes, sites and activations of the recurrent ops; see recurrent.h.
#include "ops/recurrent.h"

namespace cornu::ops {
namespace {

template <Activation kActivation>
double plain(double x) {
  return apply_activation(kActivation, x, kActivation == Activation::elu ? 1.0 : 0.0);
}

struct Named {
  std::string_view name;
  ScalarFunction function;
};
constexpr Named kFunctions[] = {
    {"linear", plain<Activation::none>},
    {"tanh", plain<Activation::tanh>},
    {"sigmoid", plain<Activation::sigmoid>},
    {"relu", plain<Activation::relu>},
    {"hard_sigmoid", plain<Activation::hard_sigmoid>},
    {"hard_sigmoid_2", [](double x) { return std::min(std::max(0.2 * x + 0.5, 0.0), 1.0); }},
    {"elu", plain<Activation::elu>},
    {"selu", plain<Activation::selu>},
    {"softplus", plain<Activation::softplus>},
    {"softsign", [](double x) { return x / (1 + std::abs(x)); }},
    {"silu", plain<Activation::silu>},
    {"swish", plain<Activation::silu>},
    {"gelu", plain<Activation::gelu>},
    {"exponential", plain<Activation::exp>},
    {"relu6", [](double x) { return std::min(std::max(x, 0.0), 6.0); }},
    {"leaky_relu", [](double x) { return x < 0 ? 0.2 * x : x; }},
    {"hard_silu", plain<Activation::hard_silu>},
    {"mish", [](double x) { return x * std::tanh(apply_activation(Activation::softplus, x)); }},
};

int first_optional(const Attrs& attrs, std::string_view flag, int count, int& next) {
  if (!attrs.flag(flag)) return -1;
  const int index = next;
  next += count;
  return index;
}

}  // namespace

ScalarFunction recurrent_function(std::string_view name) {
  for (const Named& entry : kFunctions) {
    if (entry.name == name) return entry.function;
  }
  return nullptr;
}

Recurrence read_recurrence(const KernelSite& site, int64_t gates, int states) {
  const Shape& x = site.in[0].shape;
  Recurrence r;
  r.batch = x[0];
  r.time = x[1];
  r.gates = gates;
  r.units = site.in[1].shape[0];
  int next = 2;
  r.bias = first_optional(site.attrs, "has_bias", 1, next);
  r.state = first_optional(site.attrs, "has_state", states, next);
  r.mask = first_optional(site.attrs, "has_mask", 1, next);
  r.go_backwards = site.attrs.flag("go_backwards");
  r.zero_output = site.attrs.flag("zero_output");
  r.return_sequences = site.attrs.flag("return_sequences");
  r.activation = recurrent_function(site.attrs.text("activation"));
  r.recurrent_activation = recurrent_function(site.attrs.text("recurrent_activation", "sigmoid"));
  return r;
}

void infer_recurrence(ir::InferContext& c, int64_t gates, int states) {
  const Shape& x = c.in[0].shape;
  const Shape& w = c.in[1].shape;
  const auto agree = [](int64_t a, int64_t b) {
    return a == b || a == Shape::kUnknown || b == Shape::kUnknown;
  };
  int64_t units = Shape::kUnknown;
  if (x.rank() == 3 && w.rank() == 2) {
    const int64_t width = w[1] != Shape::kUnknown ? w[1] : x[2];
    units = w[0] != Shape::kUnknown || width == Shape::kUnknown ? w[0] : width / gates;
  }
  const int64_t width = units == Shape::kUnknown ? units : gates * units;
  if (x.rank() != 3 || w.rank() != 2 || !agree(w[1], width) || !agree(x[2], width) ||
      c.in[0].dtype != c.in[1].dtype) {
    fail(
        ErrorCode::bad_shape, "",
        "a recurrence takes x [batch, time, {0} units] and a kernel [units, {0} units], received {1} and {2}",
        gates, x.to_string(), w.to_string());
  }
  for (const char* name : {"activation", "recurrent_activation"}) {
    if (recurrent_function(c.attrs.text(name, "sigmoid")) == nullptr) {
      fail(ErrorCode::internal, "", "there is no recurrent activation '{}'", c.attrs.text(name));
    }
  }
  const DType type = c.in[0].dtype;
  c.out.assign(static_cast<size_t>(states) + 1, {type, {x[0], units}});
  if (c.attrs.flag("return_sequences")) c.out[0].shape = {x[0], x[1], units};
  size_t next = 2;
  const auto expect = [&](bool given, DType wanted, const Shape& shape) {
    if (!given) return;
    bool fits = next < c.in.size() && c.in[next].dtype == wanted && c.in[next].shape.rank() == shape.rank();
    for (int axis = 0; fits && axis < shape.rank(); ++axis) {
      const int64_t size = c.in[next].shape[axis];
      fits = size == shape[axis] || size == Shape::kUnknown || shape[axis] == Shape::kUnknown;
    }
    if (!fits) {
      fail(ErrorCode::bad_shape, "", "input {} of a recurrence must have shape {}, received {}", next,
           shape.to_string(), next < c.in.size() ? c.in[next].shape.to_string() : "nothing");
    }
    ++next;
  };
  expect(c.attrs.flag("has_bias"), type, {width});
  for (int i = 0; i < states; ++i) expect(c.attrs.flag("has_state"), type, {x[0], units});
  expect(c.attrs.flag("has_mask"), DType::boolean, {x[0], x[1]});
}

}  // namespace cornu::ops
