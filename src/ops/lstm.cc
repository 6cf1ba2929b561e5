// lstm: [i f g o] = x + h . w, c = f c + i g, h = o activation(c), where i, f and o go through
// recurrent_activation and g through activation. Inputs, outputs and attributes: recurrent.h (four gates,
// states h and c). Source  keras/src/layers/rnn/lstm.py, 3.15
#include "ops/recurrent.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  infer_recurrence(c, 4, 2);
}

PreparedKernel reference(const KernelSite& site) {
  const Recurrence r = read_recurrence(site, 4, 2);
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    const auto step = [r](T* x, UnalignedArray<T> w, UnalignedArray<T>, T* state, T*) {
      const int64_t u = r.units;
      T* h = state;
      T* c = state + u;
      add_product(h, u, w, 4 * u, 0, 4 * u, x);
      for (int64_t j = 0; j < u; ++j) {
        const double in = r.recurrent_activation(x[j]);
        const double forget = r.recurrent_activation(x[u + j]);
        c[j] = static_cast<T>(forget * c[j] + in * r.activation(x[2 * u + j]));
        h[j] = static_cast<T>(r.recurrent_activation(x[3 * u + j]) * r.activation(c[j]));
      }
    };
    return prepare_recurrence<T>(r, 2, step);
  });
}

}  // namespace

CORNU_OP(lstm) = {.name = "lstm", .min_inputs = 2, .max_inputs = 6, .infer = infer, .reference = reference};

}  // namespace cornu::ops
