// sparsemax: y = max(x - t, 0) along `axis` (-1), with the threshold t that Keras computes.
// Notes   With x sorted to z and s[k] = z[0] + ... + z[k], the support is the k with z[k] > (s[k] - 1) / (k +
// 1). Martins and
//         Astudillo (2016) take t = (s[last] - 1) / count. Keras 3 sums s over the support instead of taking
//         its last, so that y need not sum to 1; models were trained with that, hence it is what we compute.
// Source  keras/src/backend/tensorflow/nn.py, 3.15.1
#include <functional>

#include "ops/softmax.h"

namespace cornu::ops {
namespace {

void apply(double* x, double* y, int64_t n) {
  std::copy_n(x, n, y);
  std::sort(x, x + n, std::greater<>());
  double cumulative = 0;
  double sum = 0;
  int64_t count = 0;
  for (int64_t k = 0; k < n; ++k) {
    cumulative += x[k];
    if (!(x[k] - (cumulative - 1) / static_cast<double>(k + 1) > 0)) continue;
    sum += cumulative;
    ++count;
  }
  const double threshold = (sum - 1) / static_cast<double>(count);
  for (int64_t i = 0; i < n; ++i) y[i] = y[i] - threshold < 0 ? 0 : y[i] - threshold;
}

}  // namespace

CORNU_OP(sparsemax) = {.name = "sparsemax", .infer = infer_softmax, .reference = map_lines<apply>};

}  // namespace cornu::ops
