// Nadam: Adam with Nesterov momentum, whose weight u = beta_1 * (1 - 0.96^step / 2) changes from step to step; the product of
// all u so far corrects the mean.
// Source  keras/src/optimizers/nadam.py, 3.15
#include "train/optimizers/adam.h"

namespace cornu::train {
namespace {

constexpr SlotDef kShared[] = {{.name = "u_product", .initial = 1, .like_weight = false}};

std::vector<SlotDef> slots(const OptimizerConfig&, const Weight&) {
  return {{.name = "momentum"}, {.name = "velocity"}};
}

Value u_at(const OptimizerCall& c, Value step) {
  constexpr double kDecay = 0.96;
  return c.mul(c.sub(1, c.mul(c.pow(kDecay, step), 0.5)), c.config.number("beta_1", 0.9));
}

void begin(OptimizerCall& c) {
  c.new_shared = {c.mul(c.shared[0], u_at(c, c.step))};
}

void update(OptimizerCall& c, WeightUpdate& u) {
  const double beta_2 = c.config.number("beta_2", 0.999);
  const Value now = u_at(c, c.step);
  const Value next = u_at(c, c.add(c.step, 1));
  const Value product = c.new_shared[0];
  const Value m = moving_average(c, u.slots[0], u.gradient, c.config.number("beta_1", 0.9));
  const Value v = moving_average(c, u.slots[1], c.square(u.gradient), beta_2);
  const Value ahead = c.mul(m, c.div(next, c.sub(1, c.mul(product, next))));
  const Value here = c.mul(u.gradient, c.div(c.sub(1, now), c.sub(1, product)));
  const Value spread = c.mul(v, c.reciprocal(c.sub(1, c.pow(beta_2, c.step))));
  const Value below = c.add(c.sqrt(spread), c.config.number("epsilon", 1e-7));
  u.new_slots = {m, v};
  u.new_w = c.sub(u.w, c.div(c.mul(c.add(ahead, here), c.learning_rate), below));
}

}  // namespace

CORNU_OPTIMIZER(nadam) = {
    .keras_name = "Nadam", .slots = slots, .update = update, .shared_slots = kShared, .begin = begin};

}  // namespace cornu::train
