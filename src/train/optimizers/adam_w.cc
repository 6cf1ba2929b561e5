// AdamW: Adam with weight decay, 0.004 unless the config has another.
// Source  keras/src/optimizers/adamw.py, 3.15
#include "train/optimizers/adam.h"

namespace cornu::train {

CORNU_OPTIMIZER(adam_w) = {
    .keras_name = "AdamW", .slots = adam_slots, .update = adam_step, .default_weight_decay = 0.004};

}  // namespace cornu::train
