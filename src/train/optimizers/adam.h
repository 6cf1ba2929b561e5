// What the optimizers that are made of Adam share.
#pragma once

#include "train/optimizer.h"

namespace cornu::train {

struct AdamNumbers {
  double beta_1, beta_2, epsilon;
};

// Slots 0 and 1 are m and v; slot 2, if there is one, the largest v so far, which then takes v's place.
void adam_update(OptimizerCall& c, WeightUpdate& u, const AdamNumbers& numbers);

// m + (x - m) * (1 - beta).
Value moving_average(const OptimizerCall& c, Value m, Value x, double beta);

}  // namespace cornu::train
