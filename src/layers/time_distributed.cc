// TimeDistributed: a layer applied to every step of a sequence: the steps count as further rows of the batch.
// Keras   TimeDistributed, all versions
// Config  layer: serialized
// Input   x  [batch, time, ...]      Output  [batch, time, ...] of what the layer gives      Weights  the
// layer's Errors  bad_shape for an input of fewer than two axes; what the layer throws Source
// keras/src/layers/rnn/time_distributed.py, 3.15
#include "layers/common_layout.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  GraphBuilder& g = call.g;
  LayerInstance& layer = call.child("layer", call.config.raw({"layer"}));
  if (call.in.empty())
    call.fail(ErrorCode::bad_shape, "TimeDistributed takes an input tensor, received none");
  std::vector<Value> folded;
  for (Value x : call.in) {
    if (g.rank(x) < 2)
      call.fail(ErrorCode::bad_shape, "TimeDistributed takes an input of batch and time, received shape {}",
                g.shape(x).to_string());
    folded.push_back(steps_to_batch(g, x));
  }
  std::vector<Value> out = call.call_child(layer, folded);
  for (Value& y : out) y = batch_to_steps(g, y, call.in[0]);
  return out;
}

}  // namespace

CORNU_LAYER(time_distributed) = {
    .keras_names = {"TimeDistributed"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
