// Hinge: the mean of max(1 - y_true * y_pred, 0); targets of 0 and 1 count as -1 and 1.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  return c.mean(c.hinge_terms(), {-1});
}

}  // namespace

CORNU_LOSS(hinge) = {.keras_name = "Hinge", .values = values};

}  // namespace cornu::train
