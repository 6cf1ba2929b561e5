// What the merging layers share; see merging.h.
// Source: keras/src/layers/merging/base_merge.py and concatenate.py, 3.15;
// tf_keras/src/layers/merging/base_merge.py, 2.21
#include "layers/merging.h"

#include <algorithm>

#include "layers/arithmetic.h"

namespace cornu::layers {
namespace {

bool all_masked(const LayerCall& call) {
  return std::all_of(call.masks.begin(), call.masks.end(), [](Value mask) { return mask.valid(); });
}

Value combine_masks(LayerCall& call, std::string_view op) {
  Value combined;
  for (Value mask : call.masks) {
    if (!mask.valid()) continue;
    combined = combined.valid() ? call.g.op(op, {combined, mask}) : mask;
  }
  return combined;
}

void set_mask(LayerCall& call) {
  if (call.dialect.keras_major < 3) {
    call.out_masks = {combine_masks(call, "logical_and")};
  } else {
    call.out_masks = {all_masked(call) ? combine_masks(call, "logical_or") : Value{}};
  }
}

// Masks over the last axis of each input; invalid where there is none. Keras 3 only; inputs that had to be
// given more axes have lost theirs.
std::vector<Value> element_masks(LayerCall& call) {
  std::vector<Value> masks(call.in.size());
  const bool equal_ranks = std::all_of(call.in.begin(), call.in.end(),
                                       [&](Value x) { return call.g.rank(x) == call.g.rank(call.in[0]); });
  if (call.dialect.keras_major < 3 || !equal_ranks) return masks;
  for (size_t i = 0; i < masks.size(); ++i) {
    if (call.masks[i].valid()) masks[i] = call.g.op("expand_dims", {call.masks[i]}, {{"axes", Ints{-1}}});
  }
  return masks;
}

// A mask that is true everywhere, of the shape of x without its last axis.
Value full_mask(GraphBuilder& g, Value x) {
  const Value same = g.op("equal", {x, x});  // false for NaN
  return g.op("reduce_any", {g.op("logical_or", {same, g.op("logical_not", {same})})}, {{"axes", Ints{-1}}});
}

// The mask of a concatenation: of the last axis, the masks are combined; of another, they are put behind each
// other.
Value concatenated_mask(LayerCall& call, const std::vector<Value>& in, int64_t axis) {
  GraphBuilder& g = call.g;
  const bool keras3 = call.dialect.keras_major >= 3;
  const bool none =
      std::none_of(call.masks.begin(), call.masks.end(), [](Value mask) { return mask.valid(); });
  if (none) return {};
  const int rank = g.rank(in[0]);
  if (axis == rank - 1) {
    if (keras3) return all_masked(call) ? combine_masks(call, "logical_or") : Value{};
    return combine_masks(call, "logical_and");
  }
  std::vector<Value> masks = call.masks;
  for (size_t i = 0; i < masks.size(); ++i) {
    if (!masks[i].valid()) masks[i] = full_mask(g, in[i]);
    if (g.rank(masks[i]) == rank)
      masks[i] = g.op(keras3 ? "reduce_any" : "reduce_all", {masks[i]}, {{"axes", Ints{-1}}});
    if (g.rank(masks[i]) != rank - 1) return {};
  }
  return g.op("concat", masks, {{"axis", axis}});
}

}  // namespace

std::vector<Value> aligned_inputs(LayerCall& call, size_t least) {
  if (call.in.size() < least) {
    call.fail(ErrorCode::bad_shape, "{} takes at least {} input tensor{}, received {}", call.layer.class_name,
              least, least == 1 ? "" : "s", call.in.size());
  }
  int rank = 0;
  DType type = call.g.dtype(call.in[0]);
  for (Value x : call.in) {
    rank = std::max(rank, call.g.rank(x));
    type = result_type(type, call.g.dtype(x));
  }
  std::vector<Value> aligned;
  for (Value x : call.in) aligned.push_back(call.g.cast(with_rank(call.g, x, rank, 1), type));
  return aligned;
}

Value merge_inputs(LayerCall& call, std::string_view op) {
  const std::vector<Value> in = aligned_inputs(call);
  set_mask(call);
  Value out = in[0];
  for (size_t i = 1; i < in.size(); ++i) out = call.g.op(op, {out, in[i]});
  return out;
}

Value merge_average(LayerCall& call) {
  const Value sum = merge_inputs(call, "add");
  const Value divided = call.g.cast(sum, float_type(call.g.dtype(sum)));
  return call.g.op("div", {divided, call.g.scalar_like(static_cast<double>(call.in.size()), divided)});
}

Value merge_extremum(LayerCall& call, std::string_view op) {
  const std::vector<Value> in = aligned_inputs(call);
  const std::vector<Value> masks = element_masks(call);
  set_mask(call);
  Value out = in[0];
  Value out_mask = masks[0];
  for (size_t i = 1; i < in.size(); ++i) {
    Value x = in[i];
    if (masks[i].valid()) x = call.g.op("select", {masks[i], x, out});
    if (out_mask.valid()) out = call.g.op("select", {out_mask, out, x});
    out_mask = masks[i].valid() && out_mask.valid() ? call.g.op("logical_or", {out_mask, masks[i]}) : Value{};
    out = call.g.op(op, {out, x});
  }
  return out;
}

Value merge_product(LayerCall& call) {
  const std::vector<Value> in = aligned_inputs(call);
  const std::vector<Value> masks = element_masks(call);
  set_mask(call);
  Value out;
  Value out_mask;
  bool every = true;
  for (size_t i = 0; i < in.size(); ++i) {
    Value x = in[i];
    if (masks[i].valid()) {
      x = call.g.op("select", {masks[i], x, call.g.scalar_like(1.0, x)});
      out_mask = out_mask.valid() ? call.g.op("logical_or", {out_mask, masks[i]}) : masks[i];
    }
    every = every && masks[i].valid();
    out = out.valid() ? call.g.op("mul", {out, x}) : x;
  }
  return every ? call.g.op("select", {out_mask, out, call.g.scalar_like(0.0, out)}) : out;
}

Value merge_concatenate(LayerCall& call, int64_t axis) {
  const std::vector<Value> in = aligned_inputs(call);
  call.out_masks = {concatenated_mask(call, in, axis)};
  return in.size() == 1 ? in[0] : call.g.op("concat", in, {{"axis", axis}});
}

}  // namespace cornu::layers
