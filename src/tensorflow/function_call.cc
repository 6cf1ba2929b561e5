// PartitionedCall, StatefulPartitionedCall: replaced by the nodes of the function.
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

std::vector<Operand> import(ImportCall& call) {
  return call.call_function(call.def.function("f"), call.in);
}

constexpr std::string_view kNames[] = {"PartitionedCall", "StatefulPartitionedCall"};

}  // namespace

CORNU_TF_OP(function_call) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
