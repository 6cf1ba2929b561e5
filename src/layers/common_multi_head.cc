// Multi-head attention; see common_attention.h.
// Source: keras/src/layers/attention/multi_head_attention.py, grouped_query_attention.py, 3.15;
// tf_keras/src/layers/attention/multi_head_attention.py, 2.21
#include <algorithm>
#include <cmath>

#include "layers/activations.h"
#include "layers/common_attention.h"
#include "layers/operators.h"

namespace cornu::layers {
namespace {

std::string letters(int first, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>('a' + first + i);
  return text;
}

// Scores and the weighted sum, in einsum's letters: of the target (query) and the source (key, value), where the attended axes
// differ.
struct Equations {
  std::string scores;   // source, target -> batch axes, target axes, source axes
  std::string combine;  // scores, source -> target
  int score_rank = 0;
};

Equations equations_of(int rank, const Ints& axes) {
  const std::string target = letters(0, rank);
  std::string source = target;
  std::string batch;
  std::string of_target;
  std::string of_source;
  int next = rank;
  for (int axis = 0; axis < rank; ++axis) {
    const auto at = static_cast<size_t>(axis);
    const bool attended = std::find(axes.begin(), axes.end(), axis) != axes.end();
    if (attended) {
      source[at] = static_cast<char>('a' + next++);
    } else if (axis != rank - 1) {
      batch += target[at];
    }
  }
  for (int64_t axis : axes) {
    of_target += target[static_cast<size_t>(axis)];
    of_source += source[static_cast<size_t>(axis)];
  }
  const std::string product = batch + of_target + of_source;
  return {source + "," + target + "->" + product, product + "," + source + "->" + target,
          static_cast<int>(product.size())};
}

Ints attention_axes(LayerCall& call, int rank) {
  Ints axes = call.config.ints({"attention_axes"}, Ints{});
  for (int64_t& axis : axes) {
    if (axis < 0) axis += rank - 1;
    if (axis < 1 || axis >= rank - 2)
      call.config.fail_value("attention_axes", call.config.raw({"attention_axes"}),
                             "axes between the batch and the channels");
  }
  for (int axis = 1; axes.empty() && axis < rank - 2; ++axis) axes.push_back(axis);
  return axes;
}

Value with_and(GraphBuilder& g, Value a, Value b) {
  if (!a.valid()) return b;
  return b.valid() ? g.op("logical_and", {a, b}) : a;
}

// Keras 3 leaves masked scores out by a very low value, and zeroes the weights of what is masked altogether where it does not
// use its fused attention (with dropout, scores that are returned, or more axes); tf.keras adds a low value.
Value masked_softmax(LayerCall& call, Value scores, Value mask, const Ints& axes, bool fused) {
  GraphBuilder& g = call.g;
  const bool half = g.dtype(scores) == DType::float16;
  if (!mask.valid()) return softmax(g, scores, axes);
  if (call.dialect.keras_major < 3 && !call.config.flag({"softmax_robust_masking"}, false)) {
    const Value hidden = g.op("sub", {g.scalar_like(1, scores), g.cast(mask, g.dtype(scores))});
    return softmax(
        g, g.op("add", {scores, g.op("mul", {hidden, g.scalar_like(half ? -32752.0 : -1e9, scores)})}), axes);
  }
  const double low = fused ? -0.7 * (half ? 65504.0 : 3.4028234663852886e38) : half ? -3e4 : -1e9;
  const Value weights = softmax(g, g.op("select", {mask, scores, g.scalar_like(low, scores)}), axes);
  return fused || call.dialect.keras_major < 3 ? weights
                                               : g.op("select", {mask, weights, g.scalar_like(0, weights)});
}

// An EinsumDense child that contracts the last `bound` axes of x and makes axes of the given sizes.
Value project(LayerCall& call, const char* attribute, const char* name, Value x, int bound, const Ints& sizes,
              bool has_bias, const char* activation = nullptr) {
  const int free = call.g.rank(x) - bound;
  const auto made = static_cast<int>(sizes.size());
  const std::string kept = letters(0, free);
  const std::string gone = letters(free, bound);
  const std::string added = letters(free + bound, made);
  std::string shape;
  for (int i = 1; i < free; ++i) shape += "null,";
  for (int64_t size : sizes) shape += std::to_string(size) + ",";
  shape.pop_back();
  const Json dtype = call.config.json()["dtype"];
  const std::string config = fmt::format(
      R"({{"class_name":"EinsumDense","config":{{"name":"{}","equation":"{}{},{}{}->{}{}","output_shape":[{}],"bias_axes":{},"activation":{},"dtype":{}}}}})",
      name, kept, gone, gone, added, kept, added, shape, has_bias ? '"' + added + '"' : "null",
      activation == nullptr ? "null" : '"' + std::string(activation) + '"',
      dtype.exists() ? dtype.dump() : "null");
  return call.call_child(call.child(attribute, Json::parse(config, call.layer.name)), {x}).front();
}

// Where a query may look: from the masks of the inputs, the causal mask, the window and the mask that is given.
Value score_mask(LayerCall& call, const OperatorCall& arguments, Value query, Value value) {
  GraphBuilder& g = call.g;
  Value mask;
  const auto add = [&](const char* tensor, const char* own, int64_t axis) {
    const Argument* argument = arguments.find(tensor);
    Value part = argument == nullptr ? Value{} : argument->mask;
    if (arguments.has(own)) part = g.cast(arguments.tensor(own), DType::boolean);
    if (part.valid()) mask = with_and(g, mask, g.op("expand_dims", {part}, {{"axes", Ints{axis}}}));
  };
  add("query", "query_mask", -1);
  add("value", "value_mask", -2);
  add("key", "key_mask", -2);
  if (arguments.flag("use_causal_mask", false)) mask = with_and(g, mask, causal_mask(g, query, value));
  if (call.config.is_set({"sliding_window"})) {
    const double window = static_cast<double>(call.config.integer({"sliding_window"}, Range{1, 2147483647}));
    const Value row = g.reshape(positions_along(g, query, 1), {1, -1, 1});
    const Value gap = g.op("abs", {g.op("sub", {row, g.reshape(positions_along(g, value, 1), {1, 1, -1})})});
    mask = with_and(g, mask, g.op("less", {gap, g.scalar_like(window, gap)}));
  }
  if (arguments.has("attention_mask"))
    mask = with_and(g, mask, g.cast(arguments.tensor("attention_mask"), DType::boolean));
  return mask;
}

// What the heads give, and how they weigh.
struct Attended {
  Value y;
  Value weights;
};

Attended attend(LayerCall& call, Value query, Value key, Value value, Value mask, bool fused) {
  GraphBuilder& g = call.g;
  const int rank = g.rank(query);
  const Ints axes = attention_axes(call, rank);
  const Equations equations = equations_of(rank, axes);
  Ints softmax_axes;
  for (size_t i = 0; i < axes.size(); ++i)
    softmax_axes.push_back(equations.score_rank - static_cast<int64_t>(axes.size() - i));
  if (mask.valid()) {
    const int missing = equations.score_rank - g.rank(mask);
    const int64_t position = g.rank(mask) - 2 * static_cast<int64_t>(axes.size());
    if (missing > 0 && position >= 0) {
      Ints inserted;
      for (int i = 0; i < missing; ++i) inserted.push_back(position + i);
      mask = g.op("expand_dims", {mask}, {{"axes", inserted}});
    }
  }
  if (rank != 4 || axes.size() != 1) {
    const Value scores = g.op("einsum", {key, query}, {{"equation", equations.scores}});
    const Value weights = masked_softmax(call, scores, mask, softmax_axes, fused);
    return {g.op("einsum", {weights, value}, {{"equation", equations.combine}}), weights};
  }
  const Ints heads_first{0, 2, 1, 3};
  const Value scores = g.op("matmul", {g.transpose(query, heads_first), g.transpose(key, heads_first)},
                            {{"transpose_b", true}});
  const Value weights = masked_softmax(call, scores, mask, softmax_axes, fused);
  return {g.transpose(g.op("matmul", {weights, g.transpose(value, heads_first)}), heads_first), weights};
}

}  // namespace

std::vector<Value> lower_multi_head(LayerCall& call, const Heads& heads) {
  GraphBuilder& g = call.g;
  const OperatorCall arguments(call, call.layer.class_name,
                               "query value key query_mask value_mask key_mask attention_mask "
                               "return_attention_scores training use_causal_mask",
                               call.arguments);
  call.config.raw({"flash_attention"});
  const auto input = [&](std::string_view name) {
    return g.cast(arguments.tensor(name), call.compute_dtype);
  };
  const Value query = input("query");
  const Value value = input("value");
  const Value key = arguments.has("key") ? input("key") : value;
  if (g.rank(query) < 3 || g.rank(value) != g.rank(query) || g.rank(key) != g.rank(query)) {
    call.fail(ErrorCode::bad_shape,
              "{} takes inputs of batch, length and channels, received shapes {}, {} and {}",
              call.layer.class_name, g.shape(query).to_string(), g.shape(value).to_string(),
              g.shape(key).to_string());
  }
  const Ints output = call.config.ints({"output_shape"}, Ints{g.shape(query).back()});
  const bool returns_scores = arguments.flag("return_attention_scores", false);
  const bool fused =
      call.config.number({"dropout"}, 0.0, Range{0, 1}) == 0 && !returns_scores && g.rank(query) == 3;
  const bool gated = call.config.flag({"use_gate"}, false);
  Value q = project(call, "query_dense", "query", query, 1, {heads.count, heads.key_size}, heads.has_bias);
  Value k = project(call, "key_dense", "key", key, 1, {heads.groups, heads.key_size}, heads.has_bias);
  const Value gate = gated ? project(call, "gate_dense", "gate", query, 1, {heads.count, heads.value_size},
                                     heads.has_bias, "sigmoid")
                           : Value{};
  Value v = project(call, "value_dense", "value", value, 1, {heads.groups, heads.value_size}, heads.has_bias);
  // They differ when a DTypePolicyMap gives the layers inside types of their own.
  const DType type = result_type(result_type(g.dtype(q), g.dtype(k)), g.dtype(v));
  for (Value* part : {&q, &k, &v}) *part = g.cast(*part, type);
  if (heads.groups != heads.count) {
    const Attrs repeats{{"axis", int64_t{2}}, {"repeats", heads.count / heads.groups}};
    k = g.op("repeat", {k}, repeats);
    v = g.op("repeat", {v}, repeats);
  }
  q = g.op("mul", {q, g.scalar_like(1 / std::sqrt(static_cast<double>(heads.key_size)), q)});
  const Attended attended = attend(call, q, k, v, score_mask(call, arguments, query, value), fused);
  const Value sums = gated ? g.op("mul", {attended.y, gate}) : attended.y;
  std::vector<Value> out{project(call, "output_dense", "attention_output", sums, 2, output, heads.has_bias)};
  if (returns_scores) out.push_back(attended.weights);
  call.out_masks.assign(out.size(), Value{});
  call.out_masks[0] = arguments.required("query").mask;
  return out;
}

}  // namespace cornu::layers
