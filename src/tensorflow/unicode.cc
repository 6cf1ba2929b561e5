// Text in Unicode: code points of strings, strings of code points, other encodings.
//   UnicodeDecode, UnicodeDecodeWithOffsets, UnicodeEncode, UnicodeTranscode
// Encodings are UTF-8, UTF-16-BE, UTF-32-BE, and ISO-8859-1 and US-ASCII to decode; others are unsupported.
// Source  tensorflow/core/kernels/unicode_ops.cc, 2.21; what is malformed, and how long it is: Unicode 15, 3.9 (maximal subparts)
#include <optional>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

constexpr uint32_t kReplacement = 0xFFFD;

struct CodePoint {
  uint32_t value;
  size_t bytes;  // that it took
  bool malformed;
};

bool is_scalar(uint32_t value) {
  return value < 0xD800 || (value > 0xDFFF && value <= 0x10FFFF);
}

uint32_t byte_at(std::string_view text, size_t i) {
  return static_cast<uint8_t>(text[i]);
}

CodePoint next_utf8(std::string_view text) {
  const uint32_t first = byte_at(text, 0);
  if (first < 0x80) return {first, 1, false};
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return {kReplacement, 1, true};
  uint32_t value = first & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if (i >= text.size()) return {kReplacement, i, true};
    const uint32_t next = byte_at(text, i);
    uint32_t low = 0x80, high = 0xBF;
    if (i == 1) {  // neither longer than it must be, nor a surrogate, nor beyond the last
      if (first == 0xE0) low = 0xA0;
      if (first == 0xED) high = 0x9F;
      if (first == 0xF0) low = 0x90;
      if (first == 0xF4) high = 0x8F;
    }
    if (next < low || next > high) return {kReplacement, i, true};
    value = value << 6 | (next & 0x3F);
  }
  return {value, length, false};
}

CodePoint next_utf16(std::string_view text) {
  const auto unit = [&](size_t i) { return byte_at(text, i) << 8 | byte_at(text, i + 1); };
  if (text.size() < 2) return {kReplacement, text.size(), true};
  const uint32_t first = unit(0);
  if (first < 0xD800 || first > 0xDFFF) return {first, 2, false};
  if (first > 0xDBFF || text.size() < 4)
    return {kReplacement, std::min<size_t>(text.size(), first > 0xDBFF ? 2 : 4), true};
  const uint32_t second = unit(2);
  if (second < 0xDC00 || second > 0xDFFF) return {kReplacement, 2, true};
  return {0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), 4, false};
}

CodePoint next_utf32(std::string_view text) {
  if (text.size() < 4) return {kReplacement, text.size(), true};
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | byte_at(text, i);
  if (!is_scalar(value)) return {kReplacement, 4, true};
  return {value, 4, false};
}

CodePoint next_latin(std::string_view text) {
  return {byte_at(text, 0), 1, false};
}

CodePoint next_ascii(std::string_view text) {
  const uint32_t value = byte_at(text, 0);
  return value < 0x80 ? CodePoint{value, 1, false} : CodePoint{kReplacement, 1, true};
}

using Next = CodePoint (*)(std::string_view);

Next decoder(const std::string& encoding) {
  static constexpr std::pair<std::string_view, Next> kDecoders[] = {
      {"UTF-8", next_utf8},       {"UTF8", next_utf8},       {"UTF-16-BE", next_utf16},
      {"UTF-16BE", next_utf16},   {"UTF-32-BE", next_utf32}, {"UTF-32BE", next_utf32},
      {"ISO-8859-1", next_latin}, {"US-ASCII", next_ascii}};
  for (const auto& [name, next] : kDecoders) {
    if (name == encoding) return next;
  }
  fail(ErrorCode::unsupported, "",
       "text in '{}' is not decoded, only in UTF-8, UTF-16-BE, UTF-32-BE, ISO-8859-1 and US-ASCII", encoding);
}

void append(std::string& out, uint32_t value, const std::string& encoding) {
  const auto put = [&](uint32_t bits) { out.push_back(static_cast<char>(bits & 0xFF)); };
  if (encoding == "UTF-8") {
    if (value < 0x80) return put(value);
    const int more = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
    put(0xFF00U >> (more + 1) | value >> (6 * more));
    for (int i = more; i-- > 0;) put(0x80 | (value >> (6 * i) & 0x3F));
  } else if (encoding == "UTF-16-BE") {
    const auto unit = [&](uint32_t bits) {
      put(bits >> 8);
      put(bits);
    };
    if (value < 0x10000) return unit(value);
    unit(0xD800 + ((value - 0x10000) >> 10));
    unit(0xDC00 + ((value - 0x10000) & 0x3FF));
  } else if (encoding == "UTF-32-BE") {
    for (const int shift : {24, 16, 8, 0}) put(value >> shift);
  } else {
    fail(ErrorCode::unsupported, "", "text is encoded in UTF-8, UTF-16-BE and UTF-32-BE, not in '{}'",
         encoding);
  }
}

// What an op's attributes say of malformed text.
struct Policy {
  explicit Policy(const NodeDef& node)
      : replacement(static_cast<uint32_t>(node.integer("replacement_char", kReplacement))),
        replace_control(node.flag("replace_control_characters")) {
    const std::string errors = node.text("errors", "replace");
    need(errors == "replace" || errors == "ignore" || errors == "strict", "errors is '{}'", errors);
    ignore = errors == "ignore";
    strict = errors == "strict";
  }
  // Nothing: the code point is left out.
  std::optional<uint32_t> operator()(uint32_t value, bool malformed) const {
    need(!(strict && malformed), "the text is malformed");
    if (!malformed && !(replace_control && value <= 0x1F)) return value;
    return ignore ? std::nullopt : std::optional(replacement);
  }
  uint32_t replacement;
  bool replace_control, ignore, strict;
};

std::span<const std::string> texts(const Tensor& x) {
  need_type(x, DType::string, "the text");
  return strings_of(x);
}

int64_t size64(size_t size) {
  return static_cast<int64_t>(size);
}

Tensors decode(const NodeDef& node, Tensors& in) {
  const Next next = decoder(node.text("input_encoding"));
  const Policy policy(node);
  const bool with_offsets = node.op == "UnicodeDecodeWithOffsets";
  std::vector<int64_t> splits{0}, values, offsets;
  for (const std::string& text : texts(in[0])) {
    for (size_t at = 0; at < text.size();) {
      const CodePoint point = next(std::string_view(text).substr(at));
      if (const auto value = policy(point.value, point.malformed)) {
        values.push_back(*value);
        offsets.push_back(size64(at));
      }
      at += point.bytes;
    }
    splits.push_back(size64(values.size()));
  }
  const int64_t count = size64(values.size());
  Tensors out{tensor_of_ints(splits, {size64(splits.size())}, node.dtype("Tsplits", DType::int64)),
              tensor_of_ints(values, {count}, DType::int32)};
  if (with_offsets) out.push_back(tensor_of_ints(offsets, {count}));
  return out;
}

Tensors encode(const NodeDef& node, Tensors& in) {
  const std::string encoding = node.text("output_encoding");
  const Policy policy(node);
  const std::vector<int64_t> values = to_ints(in[0]), splits = to_ints(in[1]);
  need(!splits.empty() && splits[0] == 0 && splits.back() == size64(values.size()),
       "the splits do not fit {} values", values.size());
  std::vector<std::string> out;
  for (size_t row = 0; row + 1 < splits.size(); ++row) {
    need(splits[row] <= splits[row + 1] && splits[row + 1] <= size64(values.size()),
         "the splits are not sorted");
    std::string text;
    for (int64_t i = splits[row]; i < splits[row + 1]; ++i) {
      const auto value = static_cast<uint32_t>(values[static_cast<size_t>(i)]);
      if (const auto kept = policy(value, !is_scalar(value))) append(text, *kept, encoding);
    }
    out.push_back(std::move(text));
  }
  const Shape shape{size64(out.size())};
  return {string_tensor(std::move(out), shape)};
}

Tensors transcode(const NodeDef& node, Tensors& in) {
  const Next next = decoder(node.text("input_encoding"));
  const std::string encoding = node.text("output_encoding");
  const Policy policy(node);
  std::vector<std::string> out;
  for (const std::string& text : texts(in[0])) {
    std::string other;
    for (size_t at = 0; at < text.size();) {
      const CodePoint point = next(std::string_view(text).substr(at));
      if (const auto kept = policy(point.value, point.malformed)) append(other, *kept, encoding);
      at += point.bytes;
    }
    out.push_back(std::move(other));
  }
  return {string_tensor(std::move(out), in[0].shape)};
}

constexpr ComputeRow kRows[] = {
    {"UnicodeDecode", 1, decode, "row_splits char_values"},
    {"UnicodeDecodeWithOffsets", 1, decode, "row_splits char_values char_to_byte_starts"},
    {"UnicodeEncode", 2, encode},
    {"UnicodeTranscode", 1, transcode}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  return output_of(kRows, node, output);
}

}  // namespace

CORNU_TF_OP(unicode) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
