// What the optimizers that are made of Adam share.
#pragma once

#include "train/optimizer.h"

namespace cornu::train {

struct AdamNumbers {
  double beta_1, beta_2, epsilon;
};

// Slots 0 and 1 are m and v; slot 2, if there is one, the largest v so far, which then takes v's place.
void adam_update(OptimizerCall& c, WeightUpdate& u, const AdamNumbers& numbers);

// Slots and update of Adam and AdamW, by the config's numbers.
std::vector<SlotDef> adam_slots(const OptimizerConfig& config, const Weight& weight);
void adam_step(OptimizerCall& c, WeightUpdate& u);

// m + (x - m) * (1 - beta).
Value moving_average(const OptimizerCall& c, Value m, Value x, double beta);

}  // namespace cornu::train
