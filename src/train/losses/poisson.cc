// Poisson: the mean of y_pred - y_true * log(y_pred + 1e-7).
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  return c.mean(c.sub(c.y_pred, c.mul(c.y_true, c.log(c.add(c.y_pred, 1e-7)))), {-1});
}

}  // namespace

CORNU_LOSS(poisson) = {.keras_name = "Poisson", .values = values};

}  // namespace cornu::train
