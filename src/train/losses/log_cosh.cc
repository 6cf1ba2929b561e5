// LogCosh: the mean of log(cosh(e)) = e + softplus(-2 e) - log 2, with e = y_pred - y_true.
#include <numbers>

#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  const Value e = c.sub(c.y_pred, c.y_true);
  return c.mean(c.add(c.add(e, c.fn("softplus", c.mul(e, -2))), -std::numbers::ln2), {-1});
}

}  // namespace

CORNU_LOSS(log_cosh) = {.keras_name = "LogCosh", .values = values};

}  // namespace cornu::train
