// Ftrl: follow the regularized leader, with L1 and L2 and shrinkage.
// Source  keras/src/optimizers/ftrl.py, 3.15
#include "train/optimizer.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig& config, const Weight&) {
  return {{.name = "accumulator", .initial = config.number("initial_accumulator_value", 0.1)},
          {.name = "linear"}};
}

void update(OptimizerCall& c, WeightUpdate& u) {
  const double power = -c.config.number("learning_rate_power", -0.5);
  const double l1 = c.config.number("l1_regularization_strength", 0);
  const double l2 = c.config.number("l2_regularization_strength", 0);
  const double shrinkage = c.config.number("l2_shrinkage_regularization_strength", 0);
  const Value gradient = shrinkage == 0 ? u.gradient : c.add(u.gradient, c.mul(u.w, 2 * shrinkage));
  const Value a = c.add(u.slots[0], c.square(u.gradient));
  const Value grown = c.pow(a, power);
  const Value sigma = c.div(c.sub(grown, c.pow(u.slots[0], power)), c.learning_rate);
  const Value linear = c.add(u.slots[1], c.sub(gradient, c.mul(sigma, u.w)));
  const Value both = c.add(c.mul(c.reciprocal(c.learning_rate), c.config.number("beta", 0)), 2 * l2);
  const Value quadratic = c.add(c.div(grown, c.learning_rate), both);
  u.new_slots = {a, linear};
  u.new_w = c.div(c.sub(c.clip(linear, -l1, l1), linear), quadratic);
}

}  // namespace

CORNU_OPTIMIZER(ftrl) = {.keras_name = "Ftrl", .slots = slots, .update = update};

}  // namespace cornu::train
