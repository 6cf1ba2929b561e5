#include "formats/saved_model/text_model.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <protozero/pbf_writer.hpp>

#include "base/fail.h"
#include "formats/saved_model/text_schema.h"

namespace cornu::formats {
namespace {

constexpr int kMostLevels = 100;  // as in protobuf's own readers

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '+' || c == '-';
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  // Fields up to the end of the text, or to `close`. `out` null: their form is checked, nothing is written.
  void read_message(std::string_view message, char close, protozero::pbf_writer* out) {
    if (++level_ > kMostLevels) refuse("messages are nested more than 100 levels deep");
    for (skip_space(); at_ < text_.size() && text_[at_] != close; skip_space()) {
      const std::string_view name = word();
      const TextField* field = out == nullptr ? nullptr : find_text_field(message, name);
      read_field(field, field == nullptr ? nullptr : out);
      if (!take(',')) take(';');
    }
    if (close != '\0' && !take(close)) refuse("a message does not end");
    --level_;
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    const auto line = std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n') + 1;
    fail(ErrorCode::bad_file, fmt::format("{}: line {}", where_, line), "{}", what);
  }

  void skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else {
        return;
      }
    }
  }

  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view word() {
    skip_space();
    const size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    if (at_ == begin) refuse("a name or a number is expected");
    return text_.substr(begin, at_ - begin);
  }

  void read_field(const TextField* field, protozero::pbf_writer* out) {
    const bool colon = take(':');
    if (colon && take('[')) {
      if (take(']')) return;
      do {
        read_value(field, out, true);
      } while (take(','));
      if (!take(']')) refuse("a list does not end");
      return;
    }
    read_value(field, out, colon);
  }

  void read_value(const TextField* field, protozero::pbf_writer* out, bool scalar_fits) {
    for (const auto& [open, close] : {std::pair('{', '}'), std::pair('<', '>')}) {
      if (!take(open)) continue;
      if (field != nullptr && field->kind != TextKind::message)
        refuse(fmt::format("field '{}' is no message", field->name));
      if (out == nullptr) return read_message({}, close, nullptr);
      protozero::pbf_writer inner(*out, field->number);
      return read_message(field->type, close, &inner);
    }
    if (!scalar_fits) refuse("a ':' or a message is expected");
    skip_space();
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      const std::string value = quoted();
      if (field == nullptr) return;
      if (field->kind != TextKind::text) refuse(fmt::format("field '{}' is no text", field->name));
      return out->add_string(field->number, value);
    }
    const std::string_view value = word();
    if (field != nullptr) write_scalar(*field, value, *out);
  }

  void write_scalar(const TextField& field, std::string_view value, protozero::pbf_writer& out) const {
    switch (field.kind) {
      case TextKind::integer:
        return out.add_int64(field.number, integer(value));
      case TextKind::real32:
        return out.add_float(field.number, static_cast<float>(real(value)));
      case TextKind::real64:
        return out.add_double(field.number, real(value));
      case TextKind::flag:
        return out.add_bool(field.number, flag(value));
      case TextKind::dtype: {
        const int number = find_text_dtype(value);
        return out.add_int64(field.number, number < 0 ? integer(value) : number);
      }
      default:
        refuse(fmt::format("field '{}' is no number", field.name));
    }
  }

  int64_t integer(std::string_view value) const {
    const bool negative = value.starts_with('-');
    std::string_view digits = negative ? value.substr(1) : value;
    int base = 10;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
      base = 16;
      digits.remove_prefix(2);
    } else if (digits.size() > 1 && digits[0] == '0') {
      base = 8;
    }
    uint64_t magnitude = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
    if (error != std::errc() || end != digits.data() + digits.size())
      refuse(fmt::format("'{}' is no integer", value.substr(0, 40)));
    return static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
  }

  double real(std::string_view value) const {
    const bool negative = value.starts_with('-');
    std::string_view digits = negative ? value.substr(1) : value;
    double number = 0;
    if (digits == "inf" || digits == "infinity") {
      number = std::numeric_limits<double>::infinity();
    } else if (digits == "nan") {
      number = std::numeric_limits<double>::quiet_NaN();
    } else {
      if (digits.ends_with('f') || digits.ends_with('F')) digits.remove_suffix(1);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (error != std::errc() || end != digits.data() + digits.size())
        refuse(fmt::format("'{}' is no number", value.substr(0, 40)));
    }
    return negative ? -number : number;
  }

  bool flag(std::string_view value) const {
    for (const std::string_view yes : {"true", "True", "t", "1"}) {
      if (value == yes) return true;
    }
    for (const std::string_view no : {"false", "False", "f", "0"}) {
      if (value == no) return false;
    }
    refuse(fmt::format("'{}' is neither true nor false", value.substr(0, 40)));
  }

  // One or more strings, which are joined.
  std::string quoted() {
    std::string value;
    for (skip_space(); at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\''); skip_space()) {
      const char quote = text_[at_++];
      for (;;) {
        if (at_ >= text_.size() || text_[at_] == '\n') refuse("a text does not end");
        const char c = text_[at_++];
        if (c == quote) break;
        value += c == '\\' ? escaped() : c;
      }
    }
    return value;
  }

  char escaped() {
    if (at_ >= text_.size()) refuse("a text does not end");
    const char c = text_[at_++];
    constexpr std::string_view kNames = "abfnrtv\\'\"?";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\'\"?";
    if (const size_t found = kNames.find(c); found != kNames.npos) return kMeanings[found];
    const int base = c == 'x' || c == 'X' ? 16 : 8;
    const size_t begin = base == 16 ? at_ : at_ - 1;
    const std::string_view digits = text_.substr(begin, base == 16 ? 2 : 3);
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc() || value > 255) refuse(fmt::format("'\\{}' is no escape of a text", c));
    at_ = begin + static_cast<size_t>(end - digits.data());
    return static_cast<char>(value);
  }

  std::string_view text_;
  const std::string& where_;
  size_t at_ = 0;
  int level_ = 0;
};

}  // namespace

std::string wire_of_text(std::string_view message, std::string_view text, const std::string& where) {
  std::string bytes;
  protozero::pbf_writer out(bytes);
  Reader(text, where).read_message(message, '\0', &out);
  return bytes;
}

}  // namespace cornu::formats
