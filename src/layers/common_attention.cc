// What the attention layers share; see common_attention.h.
// Source: keras/src/layers/attention/attention.py, 3.15; tf_keras/src/layers/attention/base_dense_attention.py, 2.21
#include "layers/common_attention.h"

#include "layers/arithmetic.h"
#include "layers/operators.h"

namespace cornu::layers {

Value causal_mask(GraphBuilder& g, Value query, Value value) {
  const Value row = g.reshape(positions_along(g, query, 1), {1, -1, 1});
  return g.op("greater_equal", {row, g.reshape(positions_along(g, value, 1), {1, 1, -1})});
}

std::vector<Value> lower_dense_attention(LayerCall& call,
                                         Value (*scores_of)(LayerCall& call, Value query, Value key)) {
  GraphBuilder& g = call.g;
  const OperatorCall arguments(call, call.layer.class_name,
                               "inputs mask training return_attention_scores use_causal_mask",
                               call.arguments);
  const size_t count = arguments.tensors("inputs").size();
  if (count < 2 || count > 3) {
    call.fail(ErrorCode::bad_shape, "{} takes [query, value] or [query, value, key], received {} tensors",
              call.layer.class_name, count);
  }
  const Value query = call.in[0];
  const Value value = call.in[1];
  const Value key = count == 3 ? call.in[2] : value;
  call.config.number({"dropout"}, 0.0, Range{0, 1});
  std::vector<Value> masks(call.masks.begin(), call.masks.begin() + 2);
  if (arguments.has("mask")) {  // given explicitly, as a list with a mask or None for each input
    const Argument& given = arguments.required("mask");
    for (size_t i = 0; i < 2 && i < given.items.size(); ++i) {
      masks[i] = given.items[i].kind == Argument::Kind::tensor ? g.cast(given.items[i].value, DType::boolean)
                                                               : Value{};
    }
  }
  Value scores = scores_of(call, query, key);
  Value counts = masks[1].valid() ? g.op("expand_dims", {masks[1]}, {{"axes", Ints{-2}}}) : Value{};
  if (arguments.flag("use_causal_mask", false) || call.config.flag({"causal"}, false)) {
    const Value causal = causal_mask(g, query, key);
    counts = counts.valid() ? g.op("logical_and", {counts, causal}) : causal;
  }
  if (counts.valid()) {
    const double penalty = g.dtype(scores) == DType::float16 ? 65504.0 : 1e9;
    const Value lowered = g.op("sub", {scores, g.scalar_like(penalty, scores)});
    scores = g.op("select", {counts, scores, lowered});
  }
  const Value weights = g.op("softmax", {scores}, {{"axis", int64_t{-1}}});
  Value y = g.op("matmul", {weights, value});
  if (masks[0].valid()) {
    y = g.op("select", {g.op("expand_dims", {masks[0]}, {{"axes", Ints{-1}}}), y, g.scalar_like(0, y)});
  }
  std::vector<Value> out{y};
  if (arguments.flag("return_attention_scores", false)) out.push_back(weights);
  call.out_masks.assign(out.size(), Value{});
  call.out_masks[0] = masks[0];
  return out;
}

}  // namespace cornu::layers
