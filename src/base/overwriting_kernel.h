// A kernel function whose output 0 may take the place of one of its inputs.
#pragma once

#include <utility>

#include "base/kernel.h"

namespace cornu {

// Each element of `input` is read before the same element of output 0 is written, and never again. What wraps such a
// function in another hides this, and so gives it up.
struct OverwritingKernel {
  KernelFn run;
  int input;

  void operator()(const KernelCall& call) const { run(call); }
};

inline KernelFn overwriting(KernelFn run, int input) {
  return OverwritingKernel{std::move(run), input};
}

// The input that output 0 may replace; -1: none.
inline int overwritten_input(const KernelFn& run) {
  const auto* kernel = run.target<OverwritingKernel>();
  return kernel == nullptr ? -1 : kernel->input;
}

}  // namespace cornu
