// Conditions that every kernel asks of its site.
#pragma once

#include <string>

#include "base/epilogue.h"
#include "base/kernel.h"

namespace cornu::kernels {

// Why this site is not for float32 kernels over at least one element; empty if it is.
std::string refuse_other_than_float32(const KernelSite& site);

// Why the inputs of an epilogue do not have the shapes that output 0 asks for; empty if they do.
std::string refuse_epilogue(const KernelSite& site, const Epilogue& epilogue);

}  // namespace cornu::kernels
