#include "import/keras_names.h"

#include <cctype>

namespace cornu::import {

std::string snake_case(std::string_view name) {
  std::string words;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool upper = std::isupper(static_cast<unsigned char>(name[i])) != 0;
    const bool next_lower = i + 1 < name.size() && std::islower(static_cast<unsigned char>(name[i + 1])) != 0;
    const bool after_lower = i > 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    if (upper && !words.empty() && (next_lower || after_lower) && words.back() != '_') words += '_';
    if (std::isalnum(static_cast<unsigned char>(name[i])) != 0 || name[i] == '_') {
      words += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
    }
  }
  return words;
}

}  // namespace cornu::import
