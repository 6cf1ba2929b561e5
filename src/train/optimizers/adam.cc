// Adam: m and v are moving averages of the gradient and its square; w -= alpha * m / (sqrt(v) + epsilon).
// Source  keras/src/optimizers/adam.py, 3.15
#include "train/optimizers/adam.h"

namespace cornu::train {

CORNU_OPTIMIZER(adam) = {.keras_name = "Adam", .slots = adam_slots, .update = adam_step};

}  // namespace cornu::train
