// Json: read-only access to a parsed JSON text, as files carry it (model configs). Parsed by simdjson.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cornu {

// A value inside a document. Cheap to copy; keeps its document alive. Python writes NaN, Infinity and
// -Infinity into JSON; they are read as numbers. A default-constructed Json is `missing`: every is_*() is
// false. Keys are looked up by scan; of a repeated key the last one counts, as in Python.
class Json {
 public:
  Json() = default;
  // `where` names the text in errors. Throws bad_config with the byte offset when the text is not JSON or is
  // nested deeper than 512 levels.
  static Json parse(std::string_view text, const std::string& where);

  bool exists() const { return document_ != nullptr; }
  bool is_null() const;
  bool is_bool() const;
  bool is_number() const;   // integer or real, not bool
  bool is_integer() const;  // a number without fraction that fits int64 (3 and 3.0)
  bool is_string() const;
  bool is_array() const;
  bool is_object() const;

  // The value; throws bad_config "expected ..., received ..." when the type differs.
  bool boolean() const;
  double number() const;
  int64_t integer() const;
  std::string_view string() const;  // lives as long as any Json of the document

  size_t size() const;                          // elements of an array or object; 0 for anything else
  Json operator[](std::string_view key) const;  // the member, or a missing Json
  Json at(size_t index) const;                  // the element of an array; missing beyond its end
  std::vector<Json> elements() const;           // of an array; empty for anything else
  std::vector<std::pair<std::string_view, Json>> members()
      const;  // of an object, in order; empty for anything else

  std::string dump() const;                  // the value as compact JSON text; "missing" for a missing one
  bool operator==(const Json& other) const;  // same structure and values

 private:
  struct Document;
  std::shared_ptr<const Document> document_;
  std::array<uint64_t, 2>
      element_{};  // the bits of a simdjson::dom::element, kept opaque: its header is large
  friend struct JsonAccess;
};

}  // namespace cornu
