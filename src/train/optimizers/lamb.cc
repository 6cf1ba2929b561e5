// Lamb: the move of Adam, scaled to the norm of the weight.
// Source  keras/src/optimizers/lamb.py, 3.15
#include "train/optimizers/adam.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig&, const Weight&) {
  return {{.name = "momentum"}, {.name = "velocity"}};
}

void update(OptimizerCall& c, WeightUpdate& u) {
  const double beta_1 = c.config.number("beta_1", 0.9);
  const double beta_2 = c.config.number("beta_2", 0.999);
  const Value m = moving_average(c, u.slots[0], u.gradient, beta_1);
  const Value v = moving_average(c, u.slots[1], c.square(u.gradient), beta_2);
  const auto corrected = [&](Value x, double beta) {
    return c.mul(x, c.reciprocal(c.sub(1, c.pow(beta, c.step))));
  };
  const Value below = c.add(c.sqrt(corrected(v, beta_2)), c.config.number("epsilon", 1e-7));
  const Value move = c.div(corrected(m, beta_1), below);
  const Value w_norm = c.sqrt(c.sum(c.square(u.w)));
  const Value move_norm = c.sqrt(c.sum(c.square(move)));
  const Value one = c.num(1, w_norm);
  const Value ratio =
      c.where(c.over(w_norm, 0), c.where(c.over(move_norm, 0), c.div(w_norm, move_norm), one), one);
  u.new_slots = {m, v};
  u.new_w = c.sub(u.w, c.mul(move, c.mul(ratio, c.learning_rate)));
}

}  // namespace

CORNU_OPTIMIZER(lamb) = {.keras_name = "Lamb", .slots = slots, .update = update};

}  // namespace cornu::train
