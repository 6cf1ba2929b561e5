// CategoricalFocalCrossentropy: cross-entropy times alpha * (1 - probability)^gamma, class by class.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  if (c.flag("from_logits", false)) c.y_pred = c.fn("softmax", c.y_pred);
  c.match_classes();
  c.smooth(static_cast<double>(c.g.shape(c.y_pred).back()));
  const Value p = c.shares();
  const Value focus = c.mul(c.pow(c.sub(1, p), c.number("gamma", 2)), c.number("alpha", 0.25));
  return c.neg(c.sum(c.mul(focus, c.mul(c.y_true, c.log(p))), {-1}));
}

}  // namespace

CORNU_LOSS(categorical_focal_crossentropy) = {.keras_name = "CategoricalFocalCrossentropy", .values = values};

}  // namespace cornu::train
