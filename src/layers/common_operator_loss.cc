// Losses and image measures of keras.ops, as they stand in functional models. See operators.h.
// Source: keras/src/ops/nn.py, 3.15; keras/src/backend/tensorflow/nn.py for the clipping of probabilities
#include <cmath>

#include "layers/activations.h"
#include "layers/common_layout.h"
#include "layers/common_pooling.h"
#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

constexpr double kEpsilon = 1e-7;  // keras.backend.epsilon()

Value floating(OperatorCall& c, std::string_view parameter) {
  const Value x = c.tensor(parameter);
  return c.g.cast(x, float_type(c.g.dtype(x)));
}

Value clipped(GraphBuilder& g, Value x) {
  return g.op("clip", {x}, {{"min", kEpsilon}, {"max", 1 - kEpsilon}});
}

Values binary_crossentropy(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value output = floating(c, "output");
  const Value target = g.cast(c.tensor("target"), g.dtype(output));
  const Value one = g.scalar_like(1, output);
  const Value rest = g.op("sub", {one, target});
  if (c.flag("from_logits", false)) {  // max(x, 0) - x z + log(1 + exp(-|x|))
    const Value soft = g.op("log1p", {g.op("exp", {g.op("neg", {g.op("abs", {output})})})});
    const Value linear = g.op("sub", {g.op("relu", {output}), g.op("mul", {output, target})});
    return {g.op("add", {linear, soft})};
  }
  const Value p = clipped(g, output);
  const Value sum = g.op("add", {g.op("mul", {target, g.op("log", {p})}),
                                 g.op("mul", {rest, g.op("log", {g.op("sub", {one, p})})})});
  return {g.op("neg", {sum})};
}

// log p along an axis: of logits, or of probabilities that are scaled to sum to one and clipped.
Value log_probabilities(OperatorCall& c, Value output, int64_t axis, bool rescale) {
  GraphBuilder& g = c.g;
  if (c.flag("from_logits", false)) return g.op("log_softmax", {output}, {{"axis", axis}});
  if (rescale) {
    output = g.op("div", {output, g.op("reduce_sum", {output}, {{"axes", Ints{axis}}, {"keepdims", true}})});
  }
  return g.op("log", {clipped(g, output)});
}

Values categorical_crossentropy(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value output = floating(c, "output");
  const int64_t axis = c.axis("axis", -1, g.rank(output));
  const Value target = g.cast(c.tensor("target"), g.dtype(output));
  const Value terms = g.op("mul", {target, log_probabilities(c, output, axis, true)});
  return {g.op("neg", {g.op("reduce_sum", {terms}, {{"axes", Ints{axis}}, {"keepdims", false}})})};
}

Values sparse_crossentropy(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value output = floating(c, "output");
  const int64_t axis = c.axis("axis", -1, g.rank(output));
  Value target = c.tensor("target");
  if (g.rank(target) == g.rank(output)) target = g.op("squeeze", {target}, {{"axes", Ints{axis}}});
  const int64_t depth = g.shape(output)[static_cast<int>(axis)];
  if (depth == Shape::kUnknown) c.fail_argument("output", "a known number of classes");
  const Value hot = g.op("one_hot", {g.cast(target, DType::int64)},
                         {{"depth", depth}, {"dtype", g.dtype(output)}, {"axis", axis}});
  const Value terms = g.op("mul", {hot, log_probabilities(c, output, axis, false)});
  return {g.op("neg", {g.op("reduce_sum", {terms}, {{"axes", Ints{axis}}, {"keepdims", false}})})};
}

// 20 log10(largest) - 10 log10(mean squared difference)
Values psnr(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const auto [a, b] = c.operands("x", "y");
  const Value mean = g.op("reduce_mean", {g.op("squared_difference", {a, b})}, {{"keepdims", false}});
  const double scale = 10 / std::log(10.0);
  const Value noise = g.op("mul", {g.op("log", {mean}), g.scalar_like(scale, mean)});
  return {g.op("sub", {g.scalar_like(20 * std::log10(c.number("max_val")), noise), noise})};
}

Values adaptive(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = floating(c, "x");
  const int spatial = g.rank(x) - 2;
  if (spatial < 1 || spatial > 3) c.fail_argument("x", "a tensor with one to three spatial axes");
  Ints size = c.ints("output_size");
  if (size.size() == 1) size.assign(static_cast<size_t>(spatial), size[0]);
  for (int64_t value : size) {
    if (value < 1 || size.size() != static_cast<size_t>(spatial))
      c.fail_argument("output_size", fmt::format("{} integers of at least 1", spatial));
  }
  const bool first = c.text("data_format", "channels_last") == "channels_first";
  const Value y = adaptive_pool(c.call, first ? channels_to_end(g, x) : x, size, op.data());
  return {first ? channels_to_front(g, y) : y};
}

constexpr Operator kOperators[] = {
    {"binary_crossentropy", "target output from_logits", binary_crossentropy, ""},
    {"categorical_crossentropy", "target output from_logits axis", categorical_crossentropy, ""},
    {"sparse_categorical_crossentropy", "target output from_logits axis", sparse_crossentropy, ""},
    {"psnr", "x|x1|a y|x2|b max_val", psnr, ""},
    {"adaptive_max_pool", "x|inputs output_size data_format", adaptive, "max_pool"},
    {"adaptive_average_pool", "x|inputs output_size data_format", adaptive, "avg_pool"},
};

}  // namespace

std::span<const Operator> loss_operators() {
  return kOperators;
}

}  // namespace cornu::layers
