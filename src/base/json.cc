#include "base/json.h"

#include <simdjson.h>

#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "base/fail.h"

namespace cornu {
namespace dom = simdjson::dom;

namespace {

constexpr size_t kMaxDepth =
    512;  // Keras nests about 10 levels a sub-model; deeper text is an attack on the stack

// Python's bare NaN, Infinity and -Infinity are not JSON. They become strings that no other writer makes.
constexpr std::string_view kNan("\0NaN", 4);
constexpr std::string_view kInfinity("\0Infinity", 9);
constexpr std::string_view kMinusInfinity("\0-Infinity", 10);

std::optional<double> special_number(std::string_view text) {
  if (text == kNan) return std::numeric_limits<double>::quiet_NaN();
  if (text == kInfinity) return std::numeric_limits<double>::infinity();
  if (text == kMinusInfinity) return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

std::string quote_special_numbers(std::string_view text) {
  constexpr std::string_view kWords[] = {"NaN", "Infinity", "-Infinity"};
  std::string out;
  out.reserve(text.size() + 64);
  bool in_string = false;
  for (size_t i = 0; i < text.size();) {
    size_t taken = 1;
    if (in_string && text[i] == '\\') taken = 2;  // an escaped character never ends the string
    if (text[i] == '"') in_string = !in_string;
    std::string_view special;
    for (std::string_view word : kWords) {
      if (!in_string && text.substr(i, word.size()) == word) special = word;
    }
    if (special.empty()) {
      out.append(text.substr(i, taken));
      i += taken;
    } else {
      out.append("\"\\u0000").append(special).append("\"");
      i += special.size();
    }
  }
  return out;
}

}  // namespace

struct Json::Document {
  dom::document document;
};

struct JsonAccess {
  static dom::element element(const Json& json) { return std::bit_cast<dom::element>(json.element_); }
  static Json wrap(const Json& owner, dom::element element) {
    Json json;
    json.document_ = owner.document_;
    json.element_ = std::bit_cast<std::array<uint64_t, 2>>(element);
    return json;
  }
};

namespace {

const char* type_name(const Json& json) {
  if (!json.exists()) return "nothing";
  if (json.is_null()) return "null";
  if (json.is_bool()) return "a boolean";
  if (json.is_number()) return "a number";
  if (json.is_string()) return "a string";
  return json.is_array() ? "a list" : "an object";
}

[[noreturn]] void fail_type(const Json& json, const char* expected) {
  std::string received = json.exists() ? json.dump() : "nothing";
  if (received.size() > 80) received = received.substr(0, 77) + "...";
  fail(ErrorCode::bad_config, "", "expected {}, received {} ({})", expected, received, type_name(json));
}

bool has_type(const Json& json, dom::element_type type) {
  return json.exists() && JsonAccess::element(json).type() == type;
}

}  // namespace

Json Json::parse(std::string_view text, const std::string& where) {
  auto owner = std::make_shared<Document>();
  dom::parser parser;
  auto error = parser.allocate(text.size(), kMaxDepth);
  dom::element root;
  if (!error) error = parser.parse_into_document(owner->document, text.data(), text.size()).get(root);
  if (error && error != simdjson::DEPTH_ERROR && error != simdjson::CAPACITY) {
    const std::string quoted = quote_special_numbers(text);
    if (quoted != text) error = parser.parse_into_document(owner->document, quoted).get(root);
  }
  if (error) {
    fail(ErrorCode::bad_config, where, "the JSON text of {} bytes cannot be read: {}", text.size(),
         simdjson::error_message(error));
  }
  Json json;
  json.document_ = std::move(owner);
  json.element_ = std::bit_cast<std::array<uint64_t, 2>>(root);
  return json;
}

bool Json::is_null() const {
  return has_type(*this, dom::element_type::NULL_VALUE);
}
bool Json::is_bool() const {
  return has_type(*this, dom::element_type::BOOL);
}
bool Json::is_array() const {
  return has_type(*this, dom::element_type::ARRAY);
}
bool Json::is_object() const {
  return has_type(*this, dom::element_type::OBJECT);
}

bool Json::is_string() const {
  return has_type(*this, dom::element_type::STRING) &&
         !special_number(JsonAccess::element(*this).get_string().value_unsafe());
}

bool Json::is_number() const {
  if (!exists()) return false;
  switch (JsonAccess::element(*this).type()) {
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
      return true;
    case dom::element_type::STRING:
      return !is_string();
    default:
      return false;
  }
}

bool Json::is_integer() const {
  if (has_type(*this, dom::element_type::INT64)) return true;
  if (!is_number()) return false;
  const double value = number();
  return std::abs(value) < 9007199254740992.0 && value == std::floor(value);  // 2^53: exact in a double
}

bool Json::boolean() const {
  if (!is_bool()) fail_type(*this, "true or false");
  return JsonAccess::element(*this).get_bool().value_unsafe();
}

double Json::number() const {
  if (!is_number()) fail_type(*this, "a number");
  const dom::element element = JsonAccess::element(*this);
  if (element.type() == dom::element_type::STRING)
    return *special_number(element.get_string().value_unsafe());
  return element.get_double().value_unsafe();
}

int64_t Json::integer() const {
  if (!is_integer()) fail_type(*this, "an integer");
  const dom::element element = JsonAccess::element(*this);
  if (element.type() == dom::element_type::INT64) return element.get_int64().value_unsafe();
  return static_cast<int64_t>(number());
}

std::string_view Json::string() const {
  if (!is_string()) fail_type(*this, "a string");
  return JsonAccess::element(*this).get_string().value_unsafe();
}

size_t Json::size() const {
  if (is_array()) return dom::array(JsonAccess::element(*this)).size();
  if (is_object()) return dom::object(JsonAccess::element(*this)).size();
  return 0;
}

Json Json::operator[](std::string_view key) const {
  Json found;
  if (!is_object()) return found;
  for (auto [name, value] : dom::object(JsonAccess::element(*this))) {
    if (name == key) found = JsonAccess::wrap(*this, value);
  }
  return found;
}

Json Json::at(size_t index) const {
  if (!is_array()) return {};
  for (auto value : dom::array(JsonAccess::element(*this))) {
    if (index-- == 0) return JsonAccess::wrap(*this, value);
  }
  return {};
}

std::vector<Json> Json::elements() const {
  std::vector<Json> all;
  if (!is_array()) return all;
  for (auto value : dom::array(JsonAccess::element(*this))) all.push_back(JsonAccess::wrap(*this, value));
  return all;
}

std::vector<std::pair<std::string_view, Json>> Json::members() const {
  std::vector<std::pair<std::string_view, Json>> all;
  if (!is_object()) return all;
  for (auto [name, value] : dom::object(JsonAccess::element(*this)))
    all.emplace_back(name, JsonAccess::wrap(*this, value));
  return all;
}

std::string Json::dump() const {
  return exists() ? simdjson::minify(JsonAccess::element(*this)) : "missing";
}

bool Json::operator==(const Json& other) const {
  if (exists() != other.exists()) return false;
  return !exists() || dump() == other.dump();
}

}  // namespace cornu
