// SGD: w -= learning_rate * gradient; with momentum m = momentum * m - learning_rate * gradient and w += m.
// Source  keras/src/optimizers/sgd.py, 3.15
#include "train/optimizer.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig& config, const Weight&) {
  if (config.number("momentum", 0) == 0) return {};
  return {{.name = "momentum"}};
}

void update(OptimizerCall& c, WeightUpdate& u) {
  const Value move = c.mul(u.gradient, c.learning_rate);
  if (u.slots.empty()) {
    u.new_w = c.sub(u.w, move);
    return;
  }
  const double momentum = c.config.number("momentum", 0);
  const Value m = c.sub(c.mul(u.slots[0], momentum), move);
  u.new_slots = {m};
  u.new_w = c.add(u.w, c.config.flag("nesterov", false) ? c.sub(c.mul(m, momentum), move) : m);
}

}  // namespace

CORNU_OPTIMIZER(sgd) = {.keras_name = "SGD", .slots = slots, .update = update};

}  // namespace cornu::train
