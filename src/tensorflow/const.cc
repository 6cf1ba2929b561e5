// Const -> a constant; raw bytes are used where they lie in the file.
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

std::vector<Operand> import(ImportCall& call) {
  return {{call.g.constant(call.def.tensor("value")), {}, false, {}}};
}

constexpr std::string_view kNames[] = {"Const", "HostConst"};

}  // namespace

CORNU_TF_OP(const) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
