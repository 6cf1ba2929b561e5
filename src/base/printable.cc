#include "base/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace cornu {
namespace {

struct CodePoint {
  uint32_t value;
  size_t size_bytes;  // 0: not UTF-8
};

// The code point at the start of `text`, which is not empty. Source: RFC 3629, sections 3 and 4.
CodePoint decode_utf8(std::string_view text) {
  const auto byte_at = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte_at(0);
  if (lead < 0x80) return {lead, 1};
  const size_t size_bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};  // of a code point that needs so many bytes
  if (lead < 0xc0 || lead > 0xf4 || text.size() < size_bytes) return {0, 0};
  uint32_t value = lead & (0x7fU >> size_bytes);
  for (size_t i = 1; i < size_bytes; ++i) {
    if ((byte_at(i) & 0xc0) != 0x80) return {0, 0};
    value = value << 6 | (byte_at(i) & 0x3f);
  }
  const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < kSmallest[size_bytes] || value > 0x10ffff || is_surrogate) return {0, 0};
  return {value, size_bytes};
}

bool is_plain(CodePoint point) {
  if (point.size_bytes == 0) return false;
  if (point.value < 0x20 || (point.value >= 0x7f && point.value < 0xa0)) return false;  // C0 and C1 controls
  return point.value != 0x2028 && point.value != 0x2029;
}

}  // namespace

std::string printable(std::string_view text, size_t limit) {
  const auto is_plain_ascii = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
  if (text.size() <= limit && std::all_of(text.begin(), text.end(), is_plain_ascii)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    const size_t taken = point.size_bytes == 0 ? 1 : point.size_bytes;
    std::string piece(text.substr(0, taken));
    if (piece == "\\") {
      piece = "\\\\";
    } else if (!is_plain(point)) {
      piece.clear();
      for (size_t i = 0; i < taken; ++i) piece += fmt::format("\\x{:02x}", static_cast<uint8_t>(text[i]));
    }
    if (out.size() + piece.size() > limit) return out + "...";
    out += piece;
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace cornu
