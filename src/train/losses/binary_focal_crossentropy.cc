// BinaryFocalCrossentropy: binary cross-entropy times (1 - probability of the right answer)^gamma.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  const bool is_logits = c.flag("from_logits", false);
  c.match();
  c.smooth(2);
  if (is_logits) c.y_pred = c.sigmoid(c.y_pred);
  const Value t = c.y_true;
  const Value p = c.y_pred;
  const Value right = c.add(c.mul(t, p), c.mul(c.sub(1, t), c.sub(1, p)));
  Value value = c.mul(c.pow(c.sub(1, right), c.number("gamma", 2)), c.binary_terms(false));
  if (c.flag("apply_class_balancing", false)) {
    const double alpha = c.number("alpha", 0.25);
    value = c.mul(value, c.add(c.mul(t, alpha), c.mul(c.sub(1, t), 1 - alpha)));
  }
  return c.mean(value, {c.integer("axis", -1)});
}

}  // namespace

CORNU_LOSS(binary_focal_crossentropy) = {.keras_name = "BinaryFocalCrossentropy", .values = values};

}  // namespace cornu::train
