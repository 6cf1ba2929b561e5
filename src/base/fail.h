// Short spellings to throw cornu::Error with a formatted message.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

#include "cornu/error.h"

namespace cornu {

// Throws Error{code, formatted message, where}. Never returns.
template <class... Args>
[[noreturn]] void fail(ErrorCode code, std::string where, fmt::format_string<Args...> format,
                       Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...), std::move(where));
}

}  // namespace cornu
