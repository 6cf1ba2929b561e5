// RestoreV2 and its forerunners: tensors of the model's checkpoint, while the model is set up. The file name that they are
// given is not looked at: a model has one checkpoint.
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

std::vector<Operand> import(ImportCall& call) {
  if (!call.environment().setup)
    call.fail(ErrorCode::unsupported, "the op reads files, which a model may not do");
  const Tensor* names = call.constant(1);
  if (names == nullptr || names->dtype != DType::string)
    call.fail(ErrorCode::unsupported, "the names of the tensors to restore are not stored as constants");
  std::vector<Operand> restored;
  for (const std::string& name : strings_of(*names)) {
    const auto tensor = call.environment().checkpoint ? call.environment().checkpoint(name) : std::nullopt;
    if (tensor) {
      restored.push_back({call.g.constant(*tensor), {}, false, {}});
    } else {
      restored.push_back({{}, {}, true, {}});  // what depends on it stays without a value
    }
  }
  return restored;
}

constexpr std::string_view kNames[] = {"RestoreV2", "Restore", "RestoreSlice"};

}  // namespace

CORNU_TF_OP(restore) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
