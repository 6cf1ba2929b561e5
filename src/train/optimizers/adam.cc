// Adam: m and v are moving averages of the gradient and its square; w -= alpha * m / (sqrt(v) + epsilon).
// Source  keras/src/optimizers/adam.py, 3.15
#include "train/optimizers/adam.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig& config, const Weight&) {
  std::vector<SlotDef> all = {{.name = "momentum"}, {.name = "velocity"}};
  if (config.flag("amsgrad", false)) all.push_back({.name = "velocity_hat", .group = 1});
  return all;
}

void update(OptimizerCall& c, WeightUpdate& u) {
  adam_update(
      c, u,
      {c.config.number("beta_1", 0.9), c.config.number("beta_2", 0.999), c.config.number("epsilon", 1e-7)});
}

}  // namespace

CORNU_OPTIMIZER(adam) = {.keras_name = "Adam", .slots = slots, .update = update};

}  // namespace cornu::train
