// tokenize: texts to rows of tokens, as Keras's TextVectorization splits them; shorter rows end in empty strings.
// Input   x  (batch) strings of UTF-8      Output  y  (batch, length) strings; without `length` the longest row counts
// Attrs   lower, strip: whether ASCII letters become small, ASCII punctuation is taken out, both before splitting
//         split "whitespace" (default), "character", "" for the whole text
//         ngrams Ints: in place of the tokens, for each n all sequences of n tokens, joined by a space
//         length >= 0: rows are cut or filled to it
// Errors  bad_shape: another type or rank; a character of invalid UTF-8 becomes U+FFFD
// Source  keras/src/layers/preprocessing/text_vectorization.py, 3.15; TensorFlow's StringSplitV2, UnicodeDecode, NGrams
#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

using Tokens = std::vector<std::string>;

constexpr std::string_view kSpace = " \t\n\v\f\r";
constexpr std::string_view kPunctuation = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'";

void infer(ir::InferContext& c) {
  if (c.in[0].dtype != DType::string || c.in[0].shape.rank() != 1) {
    fail(ErrorCode::bad_shape, "", "tokenize takes a row of strings, received {} {}",
         dtype_name(c.in[0].dtype), c.in[0].shape.to_string());
  }
  c.result(DType::string, {c.in[0].shape[0], c.attrs.integer("length", Shape::kUnknown)});
}

std::string standardised(std::string text, bool lower, bool strip) {
  for (char& c : text) {
    if (lower && c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  if (strip) std::erase_if(text, [](char c) { return kPunctuation.find(c) != std::string_view::npos; });
  return text;
}

Tokens words(std::string_view text) {
  Tokens out;
  while (true) {
    const size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return out;
    text.remove_prefix(begin);
    const size_t end = std::min(text.find_first_of(kSpace), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// Bytes of the character that `text` begins with; 0 if they are no valid UTF-8 (RFC 3629, section 4).
size_t character_size(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const size_t size = first >= 0xC2 && first <= 0xDF   ? 2
                      : first >= 0xE0 && first <= 0xEF ? 3
                      : first >= 0xF0 && first <= 0xF4 ? 4
                                                       : 0;
  for (size_t i = 1; i < size; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  }
  const bool too_long = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool no_character = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
  return too_long || no_character ? 0 : size;
}

Tokens characters(std::string_view text) {
  Tokens out;
  while (!text.empty()) {
    const size_t size = character_size(text);
    out.emplace_back(size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size));
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return out;
}

Tokens joined(const Tokens& tokens, const Ints& ngrams) {
  Tokens out;
  for (int64_t n : ngrams) {
    for (size_t begin = 0; n >= 1 && begin + static_cast<size_t>(n) <= tokens.size(); ++begin) {
      std::string text = tokens[begin];
      for (size_t i = 1; i < static_cast<size_t>(n); ++i) text += ' ' + tokens[begin + i];
      out.push_back(std::move(text));
    }
  }
  return out;
}

std::vector<Tensor> compute(Call& call) {
  const Attrs& attrs = call.node.attrs;
  const std::string split = attrs.text("split", "whitespace");
  std::vector<Tokens> rows;
  size_t longest = 0;
  for (const std::string& x : strings_of(call.in[0])) {
    const std::string text = standardised(x, attrs.flag("lower"), attrs.flag("strip"));
    Tokens tokens = split == "whitespace"  ? words(text)
                    : split == "character" ? characters(text)
                                           : Tokens{text};
    if (attrs.has("ngrams")) tokens = joined(tokens, attrs.ints("ngrams"));
    longest = std::max(longest, tokens.size());
    rows.push_back(std::move(tokens));
  }
  const int64_t length = attrs.integer("length", static_cast<int64_t>(longest));
  const auto batch = static_cast<int64_t>(rows.size());
  const Shape shape{batch, length};
  shape.elements();  // throws if that overflows
  Tokens all;
  for (Tokens& row : rows) {
    row.resize(static_cast<size_t>(length));
    std::move(row.begin(), row.end(), std::back_inserter(all));
  }
  return {string_tensor(std::move(all), shape)};
}

}  // namespace

CORNU_DYNAMIC_OP(tokenize) = {.name = "tokenize", .infer = infer};
CORNU_DYNAMIC_RUN(tokenize) = {.op = &op_tokenize, .compute = compute};

}  // namespace cornu::dynamic
