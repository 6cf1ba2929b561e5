// Adadelta: moves by gradient * rms(moves so far) / rms(gradients so far).
// Source  keras/src/optimizers/adadelta.py, 3.15
#include "train/optimizer.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig&, const Weight&) {
  return {{.name = "accumulated_grad"}, {.name = "accumulated_delta_var"}};
}

void update(OptimizerCall& c, WeightUpdate& u) {
  const double rho = c.config.number("rho", 0.95);
  const double epsilon = c.config.number("epsilon", 1e-7);
  const auto averaged = [&](Value kept, Value x) {
    return c.add(c.mul(kept, rho), c.mul(c.square(x), 1 - rho));
  };
  const auto rms = [&](Value x) { return c.sqrt(c.add(x, epsilon)); };
  const Value gradients = averaged(u.slots[0], u.gradient);
  const Value move = c.div(c.mul(rms(u.slots[1]), u.gradient), rms(gradients));
  u.new_slots = {gradients, averaged(u.slots[1], move)};
  u.new_w = c.sub(u.w, c.mul(move, c.learning_rate));
}

}  // namespace

CORNU_OPTIMIZER(adadelta) = {.keras_name = "Adadelta", .slots = slots, .update = update};

}  // namespace cornu::train
