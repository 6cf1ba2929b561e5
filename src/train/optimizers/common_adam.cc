#include "train/optimizers/adam.h"

namespace cornu::train {

Value moving_average(const OptimizerCall& c, Value m, Value x, double beta) {
  return c.add(m, c.mul(c.sub(x, m), 1 - beta));
}

void adam_update(OptimizerCall& c, WeightUpdate& u, const AdamNumbers& numbers) {
  const Value correction_1 = c.sub(1, c.pow(numbers.beta_1, c.step));
  const Value correction_2 = c.sub(1, c.pow(numbers.beta_2, c.step));
  const Value alpha = c.div(c.mul(c.learning_rate, c.sqrt(correction_2)), correction_1);
  const Value m = moving_average(c, u.slots[0], u.gradient, numbers.beta_1);
  Value v = moving_average(c, u.slots[1], c.square(u.gradient), numbers.beta_2);
  u.new_slots[0] = m;
  u.new_slots[1] = v;
  if (u.slots.size() > 2) v = u.new_slots[2] = c.maximum(u.slots[2], v);
  u.new_w = c.sub(u.w, c.div(c.mul(m, alpha), c.add(c.sqrt(v), numbers.epsilon)));
}

std::vector<SlotDef> adam_slots(const OptimizerConfig& config, const Weight&) {
  std::vector<SlotDef> all = {{.name = "momentum"}, {.name = "velocity"}};
  if (config.flag("amsgrad", false)) all.push_back({.name = "velocity_hat", .group = 1});
  return all;
}

void adam_step(OptimizerCall& c, WeightUpdate& u) {
  adam_update(
      c, u,
      {c.config.number("beta_1", 0.9), c.config.number("beta_2", 0.999), c.config.number("epsilon", 1e-7)});
}

}  // namespace cornu::train
