// Ops that hand their inputs on: Identity and those that only matter to gradients, debugging or placement.
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

std::vector<Operand> import(ImportCall& call) {
  if (call.in.empty()) call.fail(ErrorCode::bad_file, "the node has no input");
  if (call.def.op != "IdentityN") call.in.resize(1);
  // Reading a reference variable takes its value at this moment.
  for (size_t i = 0; i < call.in.size(); ++i) {
    if (call.in[i].resource && call.in[i].resource->is_reference && call.def.op != "RefIdentity")
      call.in[i] = {call.value(i), {}, false, {}};
  }
  return call.in;
}

constexpr std::string_view kNames[] = {"Identity",          "IdentityN",
                                       "StopGradient",      "PreventGradient",
                                       "CheckNumerics",     "CheckNumericsV2",
                                       "Snapshot",          "EnsureShape",
                                       "RefIdentity",       "DebugIdentity",
                                       "DebugIdentityV2",   "LoopCond",
                                       "DisableCopyOnRead", "Copy",
                                       "CopyHost",          "DeepCopy"};

}  // namespace

CORNU_TF_OP(identity) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
