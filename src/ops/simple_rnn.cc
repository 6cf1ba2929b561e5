// simple_rnn: h = activation(x + h . w), from left to right. Inputs, outputs and attributes: recurrent.h (one
// gate, one state). Source  keras/src/layers/rnn/simple_rnn.py, 3.15
#include "ops/recurrent.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  infer_recurrence(c, 1, 1);
}

PreparedKernel reference(const KernelSite& site) {
  const Recurrence r = read_recurrence(site, 1, 1);
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    const auto step = [r](T* x, UnalignedArray<T> w, UnalignedArray<T>, T* h, T*) {
      add_product(h, r.units, w, r.units, 0, r.units, x);
      for (int64_t j = 0; j < r.units; ++j) h[j] = static_cast<T>(r.activation(x[j]));
    };
    return prepare_recurrence<T>(r, 1, step);
  });
}

}  // namespace

CORNU_OP(simple_rnn) = {
    .name = "simple_rnn", .min_inputs = 2, .max_inputs = 5, .infer = infer, .reference = reference};

}  // namespace cornu::ops
