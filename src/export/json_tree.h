// Configs as trees that can be changed and written: Json (what files carry) becomes nlohmann's ordered_json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/json.h"

namespace cornu::exporting {

using Tree = nlohmann::ordered_json;

// The same value. Of a repeated key the last counts. Throws unsupported for NaN and infinities, which JSON cannot express.
Tree to_tree(const Json& json);
// Compact text, all of it ASCII, as Python writes it. Bytes that are not UTF-8 become U+FFFD.
std::string to_text(const Tree& tree);

}  // namespace cornu::exporting
