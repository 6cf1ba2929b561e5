// Tversky: 1 minus the overlap over overlap + beta * what is wrongly in + alpha * what is wrongly out.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  const Value overlap = c.total(c.mul(c.y_true, c.y_pred));
  const Value wrong = c.total(c.mul(c.sub(1, c.y_true), c.y_pred));
  const Value missing = c.total(c.mul(c.y_true, c.sub(1, c.y_pred)));
  const Value sides = c.add(c.mul(wrong, c.number("beta", 0.5)), c.mul(missing, c.number("alpha", 0.5)));
  return c.sub(1, c.div(overlap, c.add(c.add(overlap, sides), 1e-7)));
}

}  // namespace

CORNU_LOSS(tversky) = {.keras_name = "Tversky", .values = values};

}  // namespace cornu::train
