// log_softmax: y = x - max - log(sum(exp(x - max))) along `axis` (-1).
#include "ops/softmax.h"

namespace cornu::ops {
namespace {

void apply(double* x, double* y, int64_t n) {
  const double largest = *std::max_element(x, x + n);
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += std::exp(x[i] - largest);
  const double shift = largest + std::log(sum);
  for (int64_t i = 0; i < n; ++i) y[i] = x[i] - shift;
}

}  // namespace

CORNU_OP(log_softmax) = {.name = "log_softmax", .infer = infer_softmax, .reference = map_lines<apply>};

}  // namespace cornu::ops
