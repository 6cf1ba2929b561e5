#include "export/keras3_arguments.h"

#include <algorithm>
#include <iterator>

namespace cornu::exporting {
namespace {

constexpr KerasClass kClasses[] = {
#include "export/keras3_arguments.inc"
};

}  // namespace

bool KerasClass::takes(std::string_view argument) const {
  for (std::string_view rest = arguments; !rest.empty();) {
    const size_t space = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, space) == argument) return true;
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return false;
}

const KerasClass* find_keras_class(std::string_view module, std::string_view name) {
  const auto found = std::find_if(std::begin(kClasses), std::end(kClasses), [&](const KerasClass& known) {
    return known.module == module && known.name == name;
  });
  return found == std::end(kClasses) ? nullptr : found;
}

}  // namespace cornu::exporting
