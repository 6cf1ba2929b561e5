// Activations over contiguous floats, vectorised. Errors against the exact value, in units in the last place: exp,
// sigmoid, silu, hard_silu 3; elu, selu, softplus 4; tanh 4, or 6 without fused multiplication; gelu 10, without approximation. Results of silu and gelu below
// 2^-60 have the absolute error that results of that size have.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/epilogue.h"

namespace cornu::kernels {

// y[i] = activation(x[i]) for i in [0, count). x may have any alignment and may be y itself. a and b are the
// activation's parameters (Epilogue::a, b). NaN gives NaN. Runs on the calling thread.
void activate(Activation activation, float a, float b, const std::byte* x, float* y, int64_t count);

// The part of an epilogue's activation that is a clamp of the sums, done while they are in registers.
struct Clamp {
  float lo = 0, hi = 0;   // infinite where there is no bound
  bool is_whole = false;  // nothing is left to do: the activation is a clamp or none

  static Clamp of(const Epilogue& epilogue);
};

}  // namespace cornu::kernels
