// Adamax: m as in Adam; n = max(beta_2 * n, |gradient|); w -= learning_rate * m / ((1 - beta_1^step) * (n + epsilon)).
// Source  keras/src/optimizers/adamax.py, 3.15
#include "train/optimizers/adam.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig&, const Weight&) {
  return {{.name = "momentum"}, {.name = "norm"}};
}

void update(OptimizerCall& c, WeightUpdate& u) {
  const double beta_1 = c.config.number("beta_1", 0.9);
  const Value m = moving_average(c, u.slots[0], u.gradient, beta_1);
  const Value n = c.maximum(c.mul(u.slots[1], c.config.number("beta_2", 0.999)), c.abs(u.gradient));
  const Value correction = c.sub(1, c.pow(beta_1, c.step));
  const Value below = c.mul(c.add(n, c.config.number("epsilon", 1e-7)), correction);
  u.new_slots = {m, n};
  u.new_w = c.sub(u.w, c.div(c.mul(m, c.learning_rate), below));
}

}  // namespace

CORNU_OPTIMIZER(adamax) = {.keras_name = "Adamax", .slots = slots, .update = update};

}  // namespace cornu::train
