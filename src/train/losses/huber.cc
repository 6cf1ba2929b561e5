// Huber: the mean of e^2 / 2 where e = |y_pred - y_true| is at most delta, else delta * e - delta^2 / 2.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  const double delta = c.number("delta", 1);
  const Value e = c.abs(c.sub(c.y_pred, c.y_true));
  const Value is_small = c.g.op("less_equal", {e, c.num(delta, e)});
  const Value far = c.add(c.mul(e, delta), -0.5 * delta * delta);
  return c.mean(c.where(is_small, c.mul(c.square(e), 0.5), far), {-1});
}

}  // namespace

CORNU_LOSS(huber) = {.keras_name = "Huber", .values = values};

}  // namespace cornu::train
