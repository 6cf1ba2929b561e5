// Recurrent networks over whole sequences: x is already multiplied by the input kernel, so that a step is the product of the
// state with the recurrent kernel and the functions of the gates. Inputs, outputs and attributes: ops/recurrent.h.
#pragma once

#include "base/kernel.h"

namespace cornu::kernels {

enum class Cell { simple_rnn, gru, lstm };

// Plans the op. Sequences are shared out among threads; a single one is walked by all of them together, each with its part
// of the units, if the recurrent kernel is large. Refuses other types than float32 (bool for the mask) and empty arrays.
PreparedKernel prepare_recurrent(const KernelSite& site, Cell cell);

}  // namespace cornu::kernels
