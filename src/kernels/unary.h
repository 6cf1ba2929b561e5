// Activations as ops of their own: y = f(x), element by element.
#pragma once

#include "base/epilogue.h"
#include "base/kernel.h"

namespace cornu::kernels {

// Plans y = activation(x) over all elements; a and b are the activation's parameters (Epilogue::a, b). x may
// be y. Refuses other types than float32 and empty arrays.
PreparedKernel prepare_unary(const KernelSite& site, Activation activation, float a = 0, float b = 0);

}  // namespace cornu::kernels
