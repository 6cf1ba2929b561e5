// Lion: w -= learning_rate * sign(beta_1 * m + (1 - beta_1) * gradient); m = beta_2 * m + (1 - beta_2) * gradient.
// Source  keras/src/optimizers/lion.py, 3.15
#include "train/optimizer.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig&, const Weight&) {
  return {{.name = "momentum"}};
}

void update(OptimizerCall& c, WeightUpdate& u) {
  const auto mixed = [&](double beta) { return c.add(c.mul(u.slots[0], beta), c.mul(u.gradient, 1 - beta)); };
  u.new_w = c.sub(u.w, c.mul(c.sign(mixed(c.config.number("beta_1", 0.9))), c.learning_rate));
  u.new_slots = {mixed(c.config.number("beta_2", 0.99))};
}

}  // namespace

CORNU_OPTIMIZER(lion) = {.keras_name = "Lion", .slots = slots, .update = update};

}  // namespace cornu::train
