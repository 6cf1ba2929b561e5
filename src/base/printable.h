// Text that comes from a file, made fit for a message: one line, nothing that a terminal obeys.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cornu {

// `text` with control characters, line and paragraph separators and invalid UTF-8 written as \xNN, and
// back-slashes doubled; cut after `limit` bytes of output, then "..." follows.
std::string printable(std::string_view text, size_t limit = 120);

}  // namespace cornu
