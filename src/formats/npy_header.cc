#include "formats/npy_header.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/checked.h"
#include "base/fail.h"
#include "base/printable.h"

namespace cornu::formats {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kAlignment = 64;  // NumPy pads the header to it
constexpr size_t kMaxHeaderBytes =
    1 << 16;                     // NumPy itself writes at most 65535 unless a type has thousands of fields
constexpr size_t kMaxAxes = 64;  // NumPy's own limit

// Reads Python's literals of strings, booleans, integers and tuples, as NumPy writes them, and nothing else.
class DictParser {
 public:
  DictParser(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  NpyHeader parse() {
    NpyHeader header;
    bool has_descr = false;
    bool has_order = false;
    bool has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string_view key = string();
      expect(':');
      bool& seen = key == "descr" ? has_descr : key == "fortran_order" ? has_order : has_shape;
      if (seen) bad("has a key twice");
      seen = true;
      if (key == "descr") {
        descr(header);
      } else if (key == "fortran_order") {
        header.fortran_order = boolean();
      } else if (key == "shape") {
        header.shape = tuple();
      } else {
        bad("has a key that NumPy does not write");
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (!text_.empty()) bad("goes on after its closing brace");
    if (!has_descr || !has_order || !has_shape) bad("lacks one of descr, fortran_order and shape");
    return header;
  }

 private:
  [[noreturn]] void bad(const char* what) const {
    fail(ErrorCode::bad_file, where_, "the .npy header {} at \"{}\"", what, printable(text_, 40));
  }

  void skip_space() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) text_.remove_prefix(1);
  }

  bool take(char wanted) {
    skip_space();
    if (text_.empty() || text_[0] != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(char wanted) {
    if (!take(wanted)) bad("is not the dict that NumPy writes");
  }

  bool take_word(std::string_view word) {
    skip_space();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  // 'text' or "text"; NumPy's keys and type codes need no escapes.
  std::string_view string() {
    skip_space();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) bad("lacks a string");
    const size_t end = text_.find(text_[0], 1);
    if (end == text_.npos) bad("has a string without end");
    const std::string_view value = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return value;
  }

  bool boolean() {
    if (take_word("True")) return true;
    if (!take_word("False")) bad("has neither True nor False");
    return false;
  }

  static std::optional<int64_t> digits(std::string_view text) {
    if (text.empty() || text.size() > 18) return std::nullopt;  // 10^18 - 1 fits
    int64_t value = 0;
    for (const char c : text) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    return value;
  }

  int64_t integer() {
    skip_space();
    const size_t length = std::min(text_.find_first_not_of("0123456789"), text_.size());
    const auto value = digits(text_.substr(0, length));
    if (!value) bad("lacks an integer from 0 to 10^18 - 1");
    text_.remove_prefix(length);
    take('L');  // Python 2 wrote 3L
    return *value;
  }

  std::vector<int64_t> tuple() {
    std::vector<int64_t> values;
    expect('(');
    while (!take(')')) {
      if (values.size() == kMaxAxes) bad("has more than 64 axes");
      values.push_back(integer());
      if (take(',')) continue;
      if (values.size() == 1) bad("has no comma after the only size");  // (3) is an integer to Python
      expect(')');
      break;
    }
    return values;
  }

  void descr(NpyHeader& header) {
    skip_space();
    if (!text_.empty() && text_[0] == '[') {
      fail(ErrorCode::unsupported, where_,
           "arrays of structures (several named fields) are not read; save one array per field");
    }
    std::string_view code = string();
    header.type_code = code;
    if (!code.empty() && std::string_view("<>=|").find(code[0]) != code.npos) {
      header.byte_order = code[0];
      code.remove_prefix(1);
    }
    if (code.empty()) bad("has an empty type");
    header.kind = code[0];
    code.remove_prefix(1);
    const auto number = digits(code);
    const bool is_known = std::string_view("fiubcSU").find(header.kind) != std::string_view::npos;
    if (is_known && !number) bad("has a type code without a size");
    header.item_number = number.value_or(0);
  }

  std::string_view text_;
  const std::string& where_;
};

// Sizes are multiplied without the zeros: (0, 2^62, 4) has no element, but its later axes must not overflow
// either.
void check_shape(const std::vector<int64_t>& shape, const std::string& where) {
  int64_t product = 1;
  for (const int64_t size : shape) product = checked_mul(product, std::max<int64_t>(size, 1), where);
}

}  // namespace

bool is_npy(std::span<const std::byte> file) {
  return file.size() >= kMagic.size() &&
         std::string_view(reinterpret_cast<const char*>(file.data()), kMagic.size()) == kMagic;
}

NpyHeader parse_npy_header(std::span<const std::byte> file, const std::string& where) {
  const auto byte_at = [&](size_t i) { return std::to_integer<size_t>(file[i]); };
  if (!is_npy(file)) fail(ErrorCode::bad_file, where, "does not start with the magic bytes of a .npy file");
  if (file.size() < 10)
    fail(ErrorCode::bad_file, where, "the .npy file is cut: {} bytes, its header has more", file.size());
  const size_t major = byte_at(6);
  if (major < 1 || major > 3)
    fail(ErrorCode::unsupported, where, ".npy version {} is not read, only 1 to 3", major);
  const size_t text_at = major == 1 ? 10 : 12;  // the length has 2 bytes, from version 2 on 4
  size_t length = byte_at(8) | byte_at(9) << 8;
  if (major > 1 && file.size() >= text_at) length |= byte_at(10) << 16 | byte_at(11) << 24;
  if (length > kMaxHeaderBytes)
    fail(ErrorCode::unsupported, where, "the .npy header has {} bytes; at most 65536 are read", length);
  if (file.size() < text_at + length) {
    fail(ErrorCode::bad_file, where, "the .npy file is cut: {} bytes, its header alone has {}", file.size(),
         text_at + length);
  }
  const std::string_view text(reinterpret_cast<const char*>(file.data() + text_at), length);
  NpyHeader header = DictParser(text, where).parse();
  check_shape(header.shape, where);
  header.data_offset = static_cast<int64_t>(text_at + length);
  return header;
}

std::string make_npy_header(const std::string& descr, std::span<const int64_t> shape) {
  std::string dict = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < shape.size(); ++i) dict += fmt::format("{}{}", i == 0 ? "" : ", ", shape[i]);
  dict += shape.size() == 1 ? ",), }" : "), }";
  constexpr size_t kPrefixBytes = 10;
  const size_t unpadded = kPrefixBytes + dict.size() + 1;
  dict.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  dict += '\n';
  std::string header(kMagic);
  header += {'\1', '\0', static_cast<char>(dict.size() & 0xff), static_cast<char>(dict.size() >> 8)};
  return header + dict;
}

}  // namespace cornu::formats
