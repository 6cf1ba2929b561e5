// Layouts of images, volumes and sequences. Ops are channels last; layers may be channels_first: they move
// the channels to the end, work there, and move them back (a pass removes pairs of such moves).
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

// (batch, channels, spatial...) -> (batch, spatial..., channels), and back.
Value channels_to_end(GraphBuilder& g, Value x);
Value channels_to_front(GraphBuilder& g, Value x);

// [batch, time, ...] -> [batch * time, ...]: the steps count as further rows. And y [batch * time, ...] with the
// first two sizes of x. Sizes that are known stay known.
Value steps_to_batch(GraphBuilder& g, Value x);
Value batch_to_steps(GraphBuilder& g, Value y, Value x);

// Size of the channel axis of input 0. Throws bad_shape unless it is known and at least 1.
int64_t channel_count(const LayerCall& call, bool channels_first);

// Low and high amount per spatial axis, as ZeroPadding and Cropping write them: one integer for all; a list
// with one integer or pair per axis; for one axis a pair; for two axes (top, bottom, left, right) of Keras 1;
// or Keras 1's
// {"top_pad": ...}. Each 0..2^31-1. Throws bad_config.
Ints side_amounts(const LayerConfig& config, std::string_view key, int spatial, int64_t fallback);

// The numbers of a config value: a number, nested lists of numbers, or a serialized array {"class_name":
// "__numpy__", ...}. Shape and values are kept. Throws bad_config.
Tensor numbers_of(const LayerConfig& config, std::string_view key, DType dtype);

}  // namespace cornu::layers
