// MeanSquaredLogarithmicError: the mean of (log(1 + y_pred) - log(1 + y_true))^2, both at least 1e-7.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value log_of(LossCall& c, Value x) {
  return c.log(c.add(c.maximum(x, 1e-7), 1));
}

Value values(LossCall& c) {
  c.match();
  return c.mean(c.square(c.sub(log_of(c, c.y_pred), log_of(c, c.y_true))), {-1});
}

}  // namespace

CORNU_LOSS(mean_squared_logarithmic_error) = {.keras_name = "MeanSquaredLogarithmicError", .values = values};

}  // namespace cornu::train
