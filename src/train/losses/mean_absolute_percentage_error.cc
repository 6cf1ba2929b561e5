// MeanAbsolutePercentageError: 100 times the mean of |y_true - y_pred| / max(|y_true|, 1e-7).
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  const Value share = c.div(c.sub(c.y_true, c.y_pred), c.maximum(c.abs(c.y_true), 1e-7));
  return c.mul(c.mean(c.abs(share), {-1}), 100);
}

}  // namespace

CORNU_LOSS(mean_absolute_percentage_error) = {.keras_name = "MeanAbsolutePercentageError", .values = values};

}  // namespace cornu::train
