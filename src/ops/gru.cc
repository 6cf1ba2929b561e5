// gru: z and r from x + h . w through recurrent_activation; h = z h + (1 - z) activation(candidate). The
// candidate is x + r (h . w + bias) with reset_after, else x + (r h) . w. Inputs, outputs and attributes:
// recurrent.h (gates z r h, one state; the recurrent bias only with reset_after). Source
// keras/src/layers/rnn/gru.py, 3.15
#include "ops/recurrent.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  infer_recurrence(c, 3, 1);
}

// The candidate's sums, and z and r in x[0..2u).
template <class T>
void step_after(const Recurrence& r, T* x, UnalignedArray<T> w, UnalignedArray<T> bias, const T* h,
                T* inner) {
  const int64_t u = r.units;
  for (int64_t j = 0; j < 3 * u; ++j) inner[j] = r.bias < 0 ? T{0} : bias[j];
  add_product(h, u, w, 3 * u, 0, 3 * u, inner);
  for (int64_t j = 0; j < 2 * u; ++j) x[j] = static_cast<T>(r.recurrent_activation(x[j] + inner[j]));
  for (int64_t j = 0; j < u; ++j) x[2 * u + j] += x[u + j] * inner[2 * u + j];
}

template <class T>
void step_before(const Recurrence& r, T* x, UnalignedArray<T> w, const T* h, T* reset) {
  const int64_t u = r.units;
  add_product(h, u, w, 3 * u, 0, 2 * u, x);
  for (int64_t j = 0; j < 2 * u; ++j) x[j] = static_cast<T>(r.recurrent_activation(x[j]));
  for (int64_t j = 0; j < u; ++j) reset[j] = x[u + j] * h[j];
  add_product(reset, u, w, 3 * u, 2 * u, u, x + 2 * u);
}

PreparedKernel reference(const KernelSite& site) {
  const Recurrence r = read_recurrence(site, 3, 1);
  const bool reset_after = site.attrs.flag("reset_after");
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    const auto step = [r, reset_after](T* x, UnalignedArray<T> w, UnalignedArray<T> bias, T* h, T* work) {
      if (reset_after) {
        step_after<T>(r, x, w, bias, h, work);
      } else {
        step_before<T>(r, x, w, h, work);
      }
      const int64_t u = r.units;
      for (int64_t j = 0; j < u; ++j)
        h[j] = static_cast<T>(x[j] * h[j] + (T{1} - x[j]) * static_cast<T>(r.activation(x[2 * u + j])));
    };
    return prepare_recurrence<T>(r, 1, step);
  });
}

}  // namespace

CORNU_OP(gru) = {.name = "gru", .min_inputs = 2, .max_inputs = 5, .infer = infer, .reference = reference};

}  // namespace cornu::ops
