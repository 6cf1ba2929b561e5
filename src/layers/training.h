// What layers do otherwise while they are trained: statistics of the batch, random masks, additions to the loss.
#pragma once

#include <vector>

#include "layers/layer.h"

namespace cornu::layers {

// Of the import that builds the graph of a step of training or evaluation; kept by its ImportScope.
struct Training {
  bool active = true;   // false: evaluation, which adds to the loss but otherwise predicts
  Value seed;           // int64 (2): the run's seed and the number of the step
  int64_t streams = 0;  // of random numbers that were given out: each has its own
  struct Update {
    Value variable;  // as LayerCall::variable gave it
    Value next;      // its value after the step
  };
  std::vector<Update> updates;
  std::vector<Value> losses;  // scalars, added to the loss
};

// Null when predicting, and for a layer that is frozen by name: Keras runs BatchNormalization with trainable=False as in
// prediction, other layers in training mode all the same. `when_frozen`: what the layer does then.
Training* training_of(const LayerCall& call, bool when_frozen = true);

// Random numbers in [0, 1), other ones for each step and each call of this function.
Value random_uniform(LayerCall& call, Shape shape);
// Of mean 0 and deviation 1.
Value random_normal(LayerCall& call, Shape shape);

// x where a random number is at least `rate`, divided by 1 - rate, else 0; `shape` has 1 where the choice is the same along
// an axis. x itself for rate 0, zeros for rate 1.
Value dropped_out(LayerCall& call, Value x, double rate, const Shape& shape);

// Adds what a layer's output costs, divided by the number of rows as Keras does.
void add_activity_loss(GraphBuilder& g, Training& training, Value loss, Value output);

// Input 0, while training with whole channels dropped out.
Value channels_dropped_out(LayerCall& call, double rate, bool channels_first);

}  // namespace cornu::layers
