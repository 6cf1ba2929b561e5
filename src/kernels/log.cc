// log: y = log(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_log;

const KernelDef kernel_log = {.name = "log", .op = "log", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_function(site, Function::log);
                              }};

}  // namespace cornu::kernels
