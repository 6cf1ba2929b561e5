// CategoricalGeneralizedCrossEntropy: (1 - p^q) / q for the probability p of the class that an integer target names.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  const double q = c.number("q", 0.5);
  const Value right = c.sum(c.mul(c.one_hot(), c.clip(c.y_pred, 1e-7, 1 - 1e-7)), {-1});
  return c.mul(c.sub(1, c.pow(right, q)), 1 / q);
}

}  // namespace

CORNU_LOSS(categorical_generalized_cross_entropy) = {.keras_name = "CategoricalGeneralizedCrossEntropy",
                                                     .values = values};

}  // namespace cornu::train
