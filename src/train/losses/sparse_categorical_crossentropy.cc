// SparseCategoricalCrossentropy: minus the log of the probability of the class that an integer target names.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value values(LossCall& c) {
  const std::optional<Value> z = c.logits("softmax");
  c.y_pred = z ? *z : c.log(c.clip(c.y_pred, 1e-7, 1 - 1e-7));
  return c.neg(c.sum(c.mul(c.one_hot(), c.fn("log_softmax", c.y_pred)), {-1}));
}

}  // namespace

CORNU_LOSS(sparse_categorical_crossentropy) = {.keras_name = "SparseCategoricalCrossentropy",
                                               .values = values};

}  // namespace cornu::train
