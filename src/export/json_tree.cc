#include "export/json_tree.h"

#include <cmath>

#include "base/fail.h"

namespace cornu::exporting {

Tree to_tree(const Json& json) {
  if (json.is_bool()) return json.boolean();
  if (json.is_string()) return std::string(json.string());
  if (json.is_integer() && json.dump().find_first_of(".eE") == std::string::npos) return json.integer();
  if (json.is_number()) {
    if (!std::isfinite(json.number()))
      fail(ErrorCode::unsupported, "config", "the config holds {}, which JSON cannot express", json.dump());
    return json.number();
  }
  if (json.is_array()) {
    Tree list = Tree::array();
    for (const Json& item : json.elements()) list.push_back(to_tree(item));
    return list;
  }
  if (json.is_object()) {
    Tree object = Tree::object();
    for (const auto& [key, item] : json.members()) object[std::string(key)] = to_tree(item);
    return object;
  }
  return nullptr;
}

std::string to_text(const Tree& tree) {
  return tree.dump(-1, ' ', true, Tree::error_handler_t::replace);
}

}  // namespace cornu::exporting
