// Adagrad: a sums squared gradients; w -= learning_rate * gradient / sqrt(a + epsilon).
// Source  keras/src/optimizers/adagrad.py, 3.15
#include "train/optimizer.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig& config, const Weight&) {
  return {{.name = "accumulator", .initial = config.number("initial_accumulator_value", 0.1)}};
}

void update(OptimizerCall& c, WeightUpdate& u) {
  const Value a = c.add(u.slots[0], c.square(u.gradient));
  u.new_slots = {a};
  const Value below = c.sqrt(c.add(a, c.config.number("epsilon", 1e-7)));
  u.new_w = c.sub(u.w, c.div(c.mul(u.gradient, c.learning_rate), below));
}

}  // namespace

CORNU_OPTIMIZER(adagrad) = {.keras_name = "Adagrad", .slots = slots, .update = update};

}  // namespace cornu::train
