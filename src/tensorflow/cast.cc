// Cast -> cast.
#include "tensorflow/complex.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  const DType to = call.def.dtype("DstT");
  if (to != call.dtype(0) && (is_complex(to) || is_complex(call.dtype(0))))
    return add_late(call.g, call.def, &complex_cast(), nullptr, call.in, 1);
  return {call.g.cast(call.in.at(0), to)};
}

constexpr std::string_view kNames[] = {"Cast"};

}  // namespace

CORNU_TF_OP(cast) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
