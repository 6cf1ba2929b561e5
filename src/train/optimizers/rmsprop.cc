// RMSprop: v is the moving average of the squared gradient; w -= learning_rate * gradient / sqrt(v + epsilon).
// Source  keras/src/optimizers/rmsprop.py, 3.15
#include "train/optimizer.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig& config, const Weight&) {
  std::vector<SlotDef> all = {{.name = "velocity"}};
  if (config.number("momentum", 0) > 0) all.push_back({.name = "momentum", .group = 1});
  if (config.flag("centered", false)) all.push_back({.name = "average_gradient", .group = 2});
  return all;
}

void update(OptimizerCall& c, WeightUpdate& u) {
  const double rho = c.config.number("rho", 0.9);
  const double momentum = c.config.number("momentum", 0);
  const auto averaged = [&](Value kept, Value x) { return c.add(c.mul(kept, rho), c.mul(x, 1 - rho)); };
  const Value v = u.new_slots[0] = averaged(u.slots[0], c.square(u.gradient));
  Value below = v;
  if (c.config.flag("centered", false)) {
    const Value mean = u.new_slots.back() = averaged(u.slots.back(), u.gradient);
    below = c.sub(v, c.square(mean));
  }
  below = c.sqrt(c.add(below, c.config.number("epsilon", 1e-7)));
  Value move = c.div(c.mul(u.gradient, c.learning_rate), below);
  if (momentum > 0) move = u.new_slots[1] = c.add(c.mul(u.slots[1], momentum), move);
  u.new_w = c.sub(u.w, move);
}

}  // namespace

CORNU_OPTIMIZER(rmsprop) = {.keras_name = "RMSprop", .slots = slots, .update = update};

}  // namespace cornu::train
