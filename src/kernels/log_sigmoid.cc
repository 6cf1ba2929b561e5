// log_sigmoid: y = log_sigmoid(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_log_sigmoid;

const KernelDef kernel_log_sigmoid = {
    .name = "log_sigmoid", .op = "log_sigmoid", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::log_sigmoid);
    }};

}  // namespace cornu::kernels
