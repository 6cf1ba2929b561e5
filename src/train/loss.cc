#include "train/loss.h"

#include "base/fail.h"

namespace cornu::train {
namespace {

Ints dims(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

// Shaped so that it broadcasts over `values` from the left, as Keras aligns weights.
Value fitted(GraphBuilder& g, Value weight, Value values, const char* what) {
  const Shape wanted = g.shape(values);
  Ints shape = dims(g.shape(weight));
  while (static_cast<int>(shape.size()) > wanted.rank() && shape.back() == 1) shape.pop_back();
  bool fits = static_cast<int>(shape.size()) <= wanted.rank();
  while (fits && static_cast<int>(shape.size()) < wanted.rank()) shape.push_back(1);
  for (int axis = 0; fits && axis < wanted.rank(); ++axis) {
    const int64_t size = shape[static_cast<size_t>(axis)];
    fits = size == 1 || size == wanted[axis];
  }
  if (!fits) {
    fail(ErrorCode::bad_shape, what, "weights of shape {} do not fit losses of shape {}",
         g.shape(weight).to_string(), wanted.to_string());
  }
  return g.shape(weight) == Shape(shape) ? weight : g.reshape(weight, shape);
}

}  // namespace

double LossCall::number(std::string_view key, double fallback) const {
  return config[key].is_number() ? config[key].number() : fallback;
}

bool LossCall::flag(std::string_view key, bool fallback) const {
  return config[key].is_bool() ? config[key].boolean() : fallback;
}

int64_t LossCall::integer(std::string_view key, int64_t fallback) const {
  return config[key].is_integer() ? config[key].integer() : fallback;
}

void LossCall::match() {
  y_true = g.cast(y_true, g.dtype(y_pred));
  const Shape t = g.shape(y_true);
  const Shape p = g.shape(y_pred);
  const auto longer = [&](Value value, const Shape& shape) {
    Ints more = dims(shape);
    more.push_back(1);
    return g.reshape(value, more);
  };
  if (t.rank() == p.rank() - 1 && p.back() == 1) {
    y_true = longer(y_true, t);
  } else if (p.rank() == t.rank() - 1 && t.back() == 1) {
    y_pred = longer(y_pred, p);
  }
  bool fits = g.rank(y_true) == g.rank(y_pred);
  for (int axis = 0; fits && axis < g.rank(y_pred); ++axis) {
    const int64_t a = g.shape(y_true)[axis];
    const int64_t b = g.shape(y_pred)[axis];
    fits = a == b || a == 1 || b == 1;
  }
  if (!fits)
    fail(ErrorCode::bad_shape, "y", "targets of shape {} do not fit predictions of shape {}", t.to_string(),
         p.to_string());
}

Value LossCall::class_numbers() const {
  const Shape p = g.shape(y_pred);
  Ints wanted = dims(p);
  wanted.pop_back();
  const Shape t = g.shape(y_true);
  const bool has_one = t.rank() == p.rank() && t.back() == 1;
  if (!(has_one ? Shape(wanted) == Shape(std::span(t.begin(), static_cast<size_t>(t.rank() - 1)))
                : Shape(wanted) == t)) {
    fail(ErrorCode::bad_shape, "y", "class numbers of shape {} do not fit predictions of shape {}",
         t.to_string(), p.to_string());
  }
  const Value numbers = g.cast(y_true, DType::int64);
  return has_one ? g.reshape(numbers, wanted) : numbers;
}

void LossCall::smooth(double classes) {
  const double smoothing = number("label_smoothing", 0);
  if (smoothing != 0) y_true = add(mul(y_true, 1 - smoothing), smoothing / classes);
}

void LossCall::match_classes() {
  match();
  if (g.shape(y_true).back() != g.shape(y_pred).back()) {
    fail(ErrorCode::bad_shape, "y", "one-hot targets need {} classes, received shape {}",
         g.shape(y_pred).back(), g.shape(y_true).to_string());
  }
}

Value LossCall::one_hot() const {
  return g.op("one_hot", {class_numbers()}, {{"depth", g.shape(y_pred).back()}, {"dtype", g.dtype(y_pred)}});
}

Value LossCall::shares() const {
  return clip(div(y_pred, sum(y_pred, {-1}, true)), 1e-7, 1 - 1e-7);
}

// With logits z: max(z, 0) - z t + log(1 + exp(-|z|)) = softplus(z) - z t.
Value LossCall::binary_terms(bool is_logits) const {
  if (is_logits) return sub(fn("softplus", y_pred), mul(y_pred, y_true));
  const Value p = clip(y_pred, 1e-7, 1 - 1e-7);
  return neg(add(mul(y_true, log(p)), mul(sub(1, y_true), log(sub(1, p)))));
}

Value LossCall::hinge_terms() {
  match();
  const Value is_binary = fn("reduce_all", g.op("equal", {y_true, square(y_true)}));
  const Value signs = where(is_binary, add(mul(y_true, 2), -1), y_true);
  return maximum(sub(1, mul(signs, y_pred)), 0);
}

Value LossCall::total(Value x) const {
  const Json axis = config["axis"];
  if (axis.is_integer()) return sum(x, {axis.integer()});
  Ints axes;
  for (const Json& item : axis.elements()) axes.push_back(item.integer());
  return axes.empty() ? sum(x) : sum(x, axes);
}

std::optional<Value> LossCall::logits(std::string_view activation) const {
  if (flag("from_logits", false)) return y_pred;
  Value value = y_pred;
  while (true) {
    const int32_t index = g.graph().info(value).node;
    if (index < 0) return std::nullopt;
    const ir::Node& node = g.graph().nodes()[static_cast<size_t>(index)];
    if (node.op->name == activation) {
      if (node.attrs.integer("axis", -1) != -1 && node.attrs.integer("axis", -1) != g.rank(value) - 1)
        return std::nullopt;
      return node.inputs[0];
    }
    if (node.op->name != "identity") return std::nullopt;
    value = node.inputs[0];
  }
}

Value reduce(GraphBuilder& g, Value values, const Reduction& reduction) {
  const Formula f{g};
  const DType dtype = g.dtype(values);
  Value weight = reduction.weight.valid()
                     ? fitted(g, g.cast(reduction.weight, dtype), values, "sample_weight")
                     : Value{};
  const bool mean = reduction.kind != "sum" && reduction.kind != "none";
  if (reduction.mask.valid()) {
    Value mask = fitted(g, g.cast(reduction.mask, dtype), values, "mask");
    // The mean is that of what counts: Keras scales the mask up, so that the mean over all elements gives it.
    if (mean) {
      const Shape shape = g.shape(mask);
      mask =
          f.mul(mask, f.div(f.num(static_cast<double>(shape.elements()), mask), f.maximum(f.sum(mask), 1)));
    }
    weight = weight.valid() ? f.mul(weight, mask) : mask;
  }
  if (weight.valid()) values = f.mul(values, weight);
  if (reduction.kind == "sum" || reduction.kind == "none") return f.sum(values);
  if (reduction.kind == "mean_with_sample_weight" && weight.valid()) {
    const Value whole = g.op("broadcast_to", {weight}, {{"shape", dims(g.shape(values))}});
    return f.div(f.sum(values), f.sum(whole));
  }
  return f.mean(values);
}

Value loss_of(GraphBuilder& g, const Json& serialized, Value y_true, Value y_pred, Value weight, Value mask) {
  const Json config = serialized["config"];
  LossCall call{{g}, config, y_true, y_pred};
  const LossDef& def = find_loss(serialized["class_name"].string());
  const Value values = def.values(call);
  Reduction reduction{"sum_over_batch_size", weight, mask};
  if (config["reduction"].is_string()) reduction.kind = config["reduction"].string();
  if (config["ignore_class"].is_integer()) {
    const Value counts =
        g.op("not_equal",
             {call.class_numbers(),
              g.constant(tensor_of_ints(std::vector<int64_t>{config["ignore_class"].integer()}, {}))});
    reduction.mask = reduction.mask.valid() ? g.op("logical_and", {reduction.mask, counts}) : counts;
  }
  return reduce(g, values, reduction);
}

}  // namespace cornu::train
