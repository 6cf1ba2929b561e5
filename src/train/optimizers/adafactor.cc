// Adafactor: the mean square of a matrix of gradients is kept as one number per row and one per column.
// Source  keras/src/optimizers/adafactor.py, 3.15
#include "train/optimizer.h"

namespace cornu::train {
namespace {

std::vector<SlotDef> slots(const OptimizerConfig&, const Weight& weight) {
  const int rank = weight.shape.rank();
  // Keras keeps two numbers that nothing uses for a vector.
  if (rank < 2)
    return {{.name = "r", .like_weight = false}, {.name = "c", .like_weight = false}, {.name = "velocity"}};
  const auto all = weight.shape.dims();
  const auto kept = static_cast<size_t>(rank - 1);
  Shape columns(all.first(kept));
  columns[rank - 2] = weight.shape.back();
  return {{.name = "r", .shape = Shape(all.first(kept)), .like_weight = false},
          {.name = "c", .shape = columns, .like_weight = false},
          {.name = "velocity"}};
}

Value rms(const OptimizerCall& c, Value x) {
  return c.sqrt(c.mean(c.square(x)));
}

void update(OptimizerCall& c, WeightUpdate& u) {
  GraphBuilder& g = c.g;
  Value rate = c.learning_rate;
  const Value bound = c.rsqrt(c.step);
  // relative_step bounds the rate by 1 / sqrt(step), and so does rho.
  rate = g.op("minimum", {rate, bound});
  const Value alpha = c.mul(c.maximum(rms(c, u.w), c.config.number("epsilon_2", 1e-3)), rate);
  const Value squares = c.add(c.square(u.gradient), c.config.number("epsilon_1", 1e-30));
  const Value beta = c.sub(1, c.pow(c.step, c.config.number("beta_2_decay", -0.8)));
  const auto averaged = [&](Value kept, Value x) {
    return c.add(c.mul(kept, beta), c.mul(x, c.sub(1, beta)));
  };
  Value v;
  if (u.weight.shape.rank() < 2) {
    v = u.new_slots[2] = averaged(u.slots[2], squares);
  } else {
    const Value rows = averaged(u.slots[0], c.mean(squares, {-1}));
    const Value columns = averaged(u.slots[1], c.mean(squares, {-2}));
    const Value share = c.div(rows, c.mean(rows, {-1}, true));
    v = c.mul(c.fn("expand_dims", share, {{"axes", Ints{-1}}}),
              c.fn("expand_dims", columns, {{"axes", Ints{-2}}}));
    u.new_slots = {rows, columns, v};
  }
  const Value move = c.div(u.gradient, c.sqrt(v));
  const Value excess = c.maximum(c.mul(rms(c, move), 1 / c.config.number("clip_threshold", 1)), 1);
  u.new_w = c.sub(u.w, c.mul(move, c.div(alpha, excess)));
}

}  // namespace

CORNU_OPTIMIZER(adafactor) = {.keras_name = "Adafactor", .slots = slots, .update = update};

}  // namespace cornu::train
