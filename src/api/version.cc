#include "cornu/version.h"

namespace cornu {

const char* version() noexcept {
  return CORNU_VERSION;
}

}  // namespace cornu
