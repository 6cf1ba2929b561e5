// CosineSimilarity: minus the cosine of the angle between y_true and y_pred along `axis`.
#include "train/loss.h"

namespace cornu::train {
namespace {

Value unit(LossCall& c, Value x, int64_t axis) {
  return c.mul(x, c.rsqrt(c.maximum(c.sum(c.square(x), {axis}, true), 1e-12)));
}

Value values(LossCall& c) {
  c.match();
  const int64_t axis = c.integer("axis", -1);
  return c.neg(c.sum(c.mul(unit(c, c.y_true, axis), unit(c, c.y_pred, axis)), {axis}));
}

}  // namespace

CORNU_LOSS(cosine_similarity) = {.keras_name = "CosineSimilarity", .values = values};

}  // namespace cornu::train
