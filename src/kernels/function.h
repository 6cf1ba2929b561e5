// Functions of one number that are no activations, over contiguous floats, vectorised. Errors against the exact value, in
// units in the last place: log, log1p 3; erf, log_sigmoid, mish (of results beyond 2^-118) 4; rsqrt, reciprocal, softsign 2; the others 0.5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/kernel.h"

namespace cornu::kernels {

enum class Function {
  abs,
  ceil,
  erf,
  floor,
  log,
  log1p,
  log_sigmoid,  // -softplus(-x)
  mish,         // x tanh(softplus(x))
  neg,
  reciprocal,
  round,  // half to even
  rsqrt,
  sign,
  softsign,  // x / (1 + |x|)
  sqrt,
  square,
};

// The function that the op of that name computes; nothing if there is none.
std::optional<Function> function_named(std::string_view op);

// y[i] = function(x[i]) for i in [0, count). x may have any alignment and may be y itself. NaN gives NaN. Runs on the calling
// thread.
void apply_function(Function function, const std::byte* x, float* y, int64_t count);

// Plans y = function(x) over all elements. Refuses other types than float32 and empty arrays.
PreparedKernel prepare_function(const KernelSite& site, Function function);

}  // namespace cornu::kernels
