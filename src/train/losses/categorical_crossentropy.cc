// CategoricalCrossentropy: minus the sum of y_true * log(y_pred), with y_true one-hot.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  const std::optional<Value> z = c.logits("softmax");
  if (z) c.y_pred = *z;
  c.match_classes();
  c.smooth(static_cast<double>(c.g.shape(c.y_pred).back()));
  return c.neg(c.sum(c.mul(c.y_true, z ? c.fn("log_softmax", c.y_pred) : c.log(c.shares())), {-1}));
}

}  // namespace

CORNU_LOSS(categorical_crossentropy) = {.keras_name = "CategoricalCrossentropy", .values = values};

}  // namespace cornu::train
