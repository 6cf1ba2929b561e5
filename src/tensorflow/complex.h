// What signal.cc offers to ops that also take complex numbers.
#pragma once

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {

inline bool is_complex(DType dtype) {
  return dtype == DType::complex64 || dtype == DType::complex128;
}
// Computes a Cast from or to complex numbers.
const TfOpDef& complex_cast();

}  // namespace cornu::tensorflow
