// BinaryCrossentropy: the mean of -y_true * log(y_pred) - (1 - y_true) * log(1 - y_pred).
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  const std::optional<Value> z = c.logits("sigmoid");
  if (z) c.y_pred = *z;
  c.match();
  c.smooth(2);
  return c.mean(c.binary_terms(z.has_value()), {c.integer("axis", -1)});
}

}  // namespace

CORNU_LOSS(binary_crossentropy) = {.keras_name = "BinaryCrossentropy", .values = values};

}  // namespace cornu::train
