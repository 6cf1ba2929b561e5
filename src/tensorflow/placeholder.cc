// Placeholder: an error, because those that are fed never get here. PlaceholderWithDefault -> its default.
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

std::vector<Operand> import(ImportCall& call) {
  if (call.def.op == "PlaceholderWithDefault") return {call.in.at(0)};
  call.fail(ErrorCode::bad_argument, "an output needs this input, which is not fed");
}

constexpr std::string_view kNames[] = {"Placeholder", "PlaceholderV2", "PlaceholderWithDefault"};

}  // namespace

CORNU_TF_OP(placeholder) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
