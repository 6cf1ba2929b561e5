// CategoricalHinge: max(the largest (1 - y_true) * y_pred - the sum of y_true * y_pred + 1, 0).
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  c.match();
  const Value right = c.sum(c.mul(c.y_true, c.y_pred), {-1});
  const Value wrong = c.fn("reduce_max", c.mul(c.sub(1, c.y_true), c.y_pred), {{"axes", Ints{-1}}});
  return c.maximum(c.add(c.sub(wrong, right), 1), 0);
}

}  // namespace

CORNU_LOSS(categorical_hinge) = {.keras_name = "CategoricalHinge", .values = values};

}  // namespace cornu::train
