// MeanSquaredError: the mean of (y_pred - y_true)^2 over the last axis.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  return c.mean(c.square(c.sub(c.y_pred, c.y_true)), {-1});
}

}  // namespace

CORNU_LOSS(mean_squared_error) = {.keras_name = "MeanSquaredError", .values = values};

}  // namespace cornu::train
