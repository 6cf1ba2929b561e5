// MeanAbsoluteError: the mean of |y_pred - y_true| over the last axis.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  return c.mean(c.abs(c.sub(c.y_pred, c.y_true)), {-1});
}

}  // namespace

CORNU_LOSS(mean_absolute_error) = {.keras_name = "MeanAbsoluteError", .values = values};

}  // namespace cornu::train
