// TimeDistributed: a layer applied to every step of a sequence: the steps count as further rows of the batch.
// Keras   TimeDistributed, all versions
// Config  layer: serialized
// Input   x  [batch, time, ...]      Output  [batch, time, ...] of what the layer gives      Weights  the
// layer's Errors  bad_shape for an input of fewer than two axes; what the layer throws Source
// keras/src/layers/rnn/time_distributed.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

// y [batch * time, ...] with the first two sizes of x. The other sizes stay known.
Value unfolded(GraphBuilder& g, Value y, Value x) {
  const Shape sizes = g.shape(y);
  const int64_t batch = g.shape(x)[0];
  const int64_t time = g.shape(x)[1];
  Ints rest(sizes.begin() + 1, sizes.end());
  const bool rest_known = Shape(rest).is_known();
  if (rest_known && (time != Shape::kUnknown || batch != Shape::kUnknown)) {
    rest.insert(rest.begin(), {batch, time});
    return g.reshape(y, rest);
  }
  const auto part = [&](Value value, int64_t begin, int64_t count) {
    return g.op("slice_axis", {g.op("shape", {value})},
                {{"axis", int64_t{0}}, {"begin", begin}, {"size", count}});
  };
  const Value whole = g.op("concat", {part(x, 0, 2), part(y, 1, -1)}, {{"axis", int64_t{0}}});
  rest.insert(rest.begin(), {-1, -1});
  return g.op("broadcast_to", {g.op("reshape", {y, whole})}, {{"shape", rest}});
}

std::vector<Value> lower(LayerCall& call) {
  GraphBuilder& g = call.g;
  LayerInstance& layer = call.child("layer", call.config.raw({"layer"}));
  if (call.in.empty())
    call.fail(ErrorCode::bad_shape, "TimeDistributed takes an input tensor, received none");
  std::vector<Value> folded;
  for (Value x : call.in) {
    const Shape sizes = g.shape(x);
    if (sizes.rank() < 2)
      call.fail(ErrorCode::bad_shape, "TimeDistributed takes an input of batch and time, received shape {}",
                sizes.to_string());
    const Ints rest(sizes.begin() + 2, sizes.end());
    if (Shape(rest).is_known()) {
      Ints dims = rest;
      dims.insert(dims.begin(), -1);
      folded.push_back(g.reshape(x, dims));
    } else {
      const Value tail = g.op("slice_axis", {g.op("shape", {x})},
                              {{"axis", int64_t{0}}, {"begin", int64_t{2}}, {"size", int64_t{-1}}});
      const Value first = g.constant(tensor_of_ints(Ints{-1}, {1}));
      Ints dims(rest.size() + 1, -1);
      for (size_t i = 0; i < rest.size(); ++i) dims[i + 1] = rest[i];
      folded.push_back(g.op("broadcast_to",
                            {g.op("reshape", {x, g.op("concat", {first, tail}, {{"axis", int64_t{0}}})})},
                            {{"shape", dims}}));
    }
  }
  std::vector<Value> out = call.call_child(layer, folded);
  for (Value& y : out) y = unfolded(g, y, call.in[0]);
  return out;
}

}  // namespace

CORNU_LAYER(time_distributed) = {
    .keras_names = {"TimeDistributed"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
