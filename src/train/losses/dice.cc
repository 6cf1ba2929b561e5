// Dice: 1 minus twice the overlap over the sum of sizes, of everything or along `axis`.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  const Value overlap = c.total(c.mul(c.y_true, c.y_pred));
  const Value sizes = c.add(c.total(c.y_true), c.total(c.y_pred));
  return c.sub(1, c.div(c.mul(overlap, 2), c.add(sizes, 1e-7)));
}

}  // namespace

CORNU_LOSS(dice) = {.keras_name = "Dice", .values = values};

}  // namespace cornu::train
