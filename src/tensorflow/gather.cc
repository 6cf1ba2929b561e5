// Gather, GatherV2 -> gather.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  int64_t batch_dims = call.def.integer("batch_dims");
  if (batch_dims < 0) batch_dims += call.rank(1);
  const int64_t axis = call.in.size() > 2 ? call.integer(2) : batch_dims;
  return {call.g.op("gather", {call.in.at(0), call.in.at(1)}, {{"axis", axis}, {"batch_dims", batch_dims}})};
}

constexpr std::string_view kNames[] = {"Gather", "GatherV2"};

}  // namespace

CORNU_TF_OP(gather) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
