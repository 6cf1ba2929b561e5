// Reshape -> reshape. Sizes that are only known in the run, such as the batch, are inferred where one is missing.
#include <algorithm>

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  const auto sizes = call.partial_ints(1);
  if (sizes.unknown() == 0)
    return {call.g.op("reshape", {call.in[0]}, {{"shape", sizes.values}, {"allow_zero", true}})};
  Ints dims = sizes.values;
  int64_t zeros = 0;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (!sizes.known[i]) dims[i] = -1;
    if (dims[i] == 0) ++zeros;
  }
  const auto missing = std::count(dims.begin(), dims.end(), -1);
  // Without elements nothing can be inferred; a -1 in the graph beside an unknown size is for the run as well.
  if (missing == 1 && zeros == 0) return {call.g.op("reshape", {call.in[0]}, {{"shape", dims}})};
  return {call.g.op("reshape", {call.in[0], call.in[1]})};
}

constexpr std::string_view kNames[] = {"Reshape"};

}  // namespace

CORNU_TF_OP(reshape) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
