// softmax: y = exp(x - max) / sum(exp(x - max)) along `axis` (-1).
#include "ops/softmax.h"

namespace cornu::ops {
namespace {

void apply(double* x, double* y, int64_t n) {
  const double largest = *std::max_element(x, x + n);
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += y[i] = std::exp(x[i] - largest);
  for (int64_t i = 0; i < n; ++i) y[i] /= sum;
}

}  // namespace

CORNU_OP(softmax) = {.name = "softmax", .infer = infer_softmax, .reference = map_lines<apply>};

}  // namespace cornu::ops
