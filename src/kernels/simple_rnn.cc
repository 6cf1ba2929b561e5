// simple_rnn: h = activation(x + h . w), step by step. See kernels/recurrent.h. float32.
#include "kernels/recurrent.h"

namespace cornu::kernels {

extern const KernelDef kernel_simple_rnn;

const KernelDef kernel_simple_rnn = {
    .name = "simple_rnn", .op = "simple_rnn", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_recurrent(site, Cell::simple_rnn);
    }};

}  // namespace cornu::kernels
