// KLDivergence: the sum of y_true * log(y_true / y_pred), both in [1e-7, 1].
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  const Value t = c.clip(c.y_true, 1e-7, 1);
  const Value p = c.clip(c.y_pred, 1e-7, 1);
  return c.sum(c.mul(t, c.log(c.div(t, p))), {-1});
}

}  // namespace

CORNU_LOSS(kl_divergence) = {.keras_name = "KLDivergence", .values = values};

}  // namespace cornu::train
