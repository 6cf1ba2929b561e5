// SquaredHinge: the mean of max(1 - y_true * y_pred, 0)^2; targets of 0 and 1 count as -1 and 1.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  return c.mean(c.square(c.hinge_terms()), {-1});
}

}  // namespace

CORNU_LOSS(squared_hinge) = {.keras_name = "SquaredHinge", .values = values};

}  // namespace cornu::train
