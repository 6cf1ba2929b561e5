// Strings: comparing, joining, cutting, formatting, parsing, matching, hashing.
//   Equal, NotEqual (of numbers: equal, not_equal), StringJoin, ReduceJoin, StringLower, StringUpper, StringStrip,
//   StringLength, Substr, StringSplit, StringSplitV2, StringToNumber, AsString, StringFormat, RegexReplace, RegexFullMatch and
//   their static kinds, StringToHashBucketFast, Fingerprint, UnsortedSegmentJoin, StringNGrams
// Regular expressions are RE2's, hashes FarmHash's, as in TensorFlow.
// Source  tensorflow/core/ops/string_ops.cc and kernels, 2.21
#include <farmhash.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <memory>

#include "ops/op.h"
#include "tensorflow/compute.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

using Texts = std::vector<std::string>;

Texts texts_of(const Tensor& x, const char* what) {
  need_type(x, DType::string, what);
  return {strings_of(x).begin(), strings_of(x).end()};
}

const std::string& one_text(const Tensor& x, const char* what) {
  need_type(x, DType::string, what);
  need(x.shape.elements() == 1, "{} has shape {}, one string is needed", what, x.shape.to_string());
  return strings_of(x)[0];
}

int64_t size64(size_t size) {
  return static_cast<int64_t>(size);
}

Tensors compare(const NodeDef& node, Tensors& in) {
  const Shape shape = broadcast_shapes(in[0].shape, in[1].shape);
  const Texts a = texts_of(in[0], "x"), b = texts_of(in[1], "y");
  std::vector<uint8_t> out(static_cast<size_t>(shape.elements()));
  const bool wanted = node.op == "Equal";
  ops::for_each_offsets<2>(
      shape, {ops::broadcast_strides(in[0].shape, shape), ops::broadcast_strides(in[1].shape, shape)},
      [&](int64_t i, const std::array<int64_t, 2>& at) {
        const bool same = a[static_cast<size_t>(at[0])] == b[static_cast<size_t>(at[1])];
        out[static_cast<size_t>(i)] = same == wanted;
      });
  return {tensor_from(out, shape, DType::boolean)};
}

Tensors join(const NodeDef& node, Tensors& in) {
  const std::string separator = node.text("separator");
  Shape shape;
  for (const Tensor& x : in) {
    if (x.shape.rank() > 0) shape = x.shape;
  }
  Texts out(static_cast<size_t>(shape.elements()));
  for (size_t k = 0; k < in.size(); ++k) {
    const Texts x = texts_of(in[k], "an input");
    need(in[k].shape == shape || in[k].shape.rank() == 0, "{} is joined to {}", in[k].shape.to_string(),
         shape.to_string());
    for (size_t i = 0; i < out.size(); ++i) out[i] += (k > 0 ? separator : "") + x[x.size() == 1 ? 0 : i];
  }
  return {string_tensor(std::move(out), shape)};
}

Tensors reduce_join(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  const Texts texts = texts_of(x, "x");
  const std::string separator = node.text("separator");
  const bool keep = node.flag("keep_dims");
  const int rank = x.shape.rank();
  std::vector<int> axes, kept;
  for (int64_t axis : to_ints(in[1])) axes.push_back(normalize_axis(axis, rank));
  std::reverse(axes.begin(), axes.end());  // the axis named first is joined first
  for (int axis = 0; axis < rank; ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) kept.push_back(axis);
  }
  Shape shape;
  int64_t count = 1, joins = 1;
  for (int axis = 0; axis < rank; ++axis) {
    const bool gone = std::find(kept.begin(), kept.end(), axis) == kept.end();
    if (!gone || keep) shape.push_back(gone ? 1 : x.shape[axis]);
    if (!gone) count *= x.shape[axis];
  }
  for (int axis : axes) joins *= x.shape[axis];
  const auto offset = [&](const std::vector<int>& of, int64_t number) {
    int64_t at = 0;
    for (size_t k = of.size(); k-- > 0;) {
      at += number % x.shape[of[k]] * x.shape.elements(of[k] + 1, rank);
      number /= x.shape[of[k]];
    }
    return at;
  };
  Texts out(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t k = 0; k < joins; ++k)
      out[static_cast<size_t>(i)] +=
          (k > 0 ? separator : "") + texts[static_cast<size_t>(offset(kept, i) + offset(axes, k))];
  }
  return {string_tensor(std::move(out), shape)};
}

// fn of each string.
template <class Fn>
Tensors mapped(const Tensor& x, Fn fn) {
  Texts out;
  for (const std::string& text : texts_of(x, "x")) out.push_back(fn(text));
  return {string_tensor(std::move(out), x.shape)};
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string stripped(const std::string& text) {
  size_t first = 0, last = text.size();
  while (first < last && is_space(text[first])) ++first;
  while (last > first && is_space(text[last - 1])) --last;
  return text.substr(first, last - first);
}

// ASCII letters only, as in TensorFlow without an encoding.
Tensors change_case(const NodeDef& node, Tensors& in) {
  if (node.text("encoding") == "utf-8")
    fail(ErrorCode::unsupported, "", "letters of UTF-8 text are not changed");
  const bool lower = node.op == "StringLower";
  return mapped(in[0], [&](std::string text) {
    for (char& c : text) {
      if (lower ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z') c = static_cast<char>(c ^ 0x20);
    }
    return text;
  });
}

Tensors strip(const NodeDef&, Tensors& in) {
  return mapped(in[0], stripped);
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

Tensors length(const NodeDef& node, Tensors& in) {
  std::vector<int64_t> out;
  const bool letters = node.text("unit", "BYTE") == "UTF8_CHAR";
  for (const std::string& text : texts_of(in[0], "x"))
    out.push_back(size64(text.size()) -
                  (letters ? std::count_if(text.begin(), text.end(), is_continuation) : 0));
  return {tensor_of_ints(out, in[0].shape, DType::int32)};
}

// Where each unit of a text starts, and its end.
std::vector<size_t> unit_starts(const std::string& text, bool letters) {
  std::vector<size_t> starts;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!letters || !is_continuation(text[i])) starts.push_back(i);
  }
  starts.push_back(text.size());
  return starts;
}

Tensors substring(const NodeDef& node, Tensors& in) {
  const bool letters = node.text("unit", "BYTE") == "UTF8_CHAR";
  need(in[1].shape == in[2].shape, "positions {} meet lengths {}", in[1].shape.to_string(),
       in[2].shape.to_string());
  const Shape shape = broadcast_shapes(in[0].shape, in[1].shape);
  const Texts texts = texts_of(in[0], "x");
  const std::vector<int64_t> positions = to_ints(in[1]), lengths = to_ints(in[2]);
  Texts out(static_cast<size_t>(shape.elements()));
  ops::for_each_offsets<2>(
      shape, {ops::broadcast_strides(in[0].shape, shape), ops::broadcast_strides(in[1].shape, shape)},
      [&](int64_t i, const std::array<int64_t, 2>& at) {
        const std::string& text = texts[static_cast<size_t>(at[0])];
        const std::vector<size_t> starts = unit_starts(text, letters);
        const int64_t size = size64(starts.size()) - 1;
        int64_t first = positions[static_cast<size_t>(at[1])];
        need(first >= -size && first <= size, "position {} is outside of a string of {}", first, size);
        if (first < 0) first += size;
        const int64_t last =
            first + std::clamp<int64_t>(lengths[static_cast<size_t>(at[1])], 0, size - first);
        const size_t from = starts[static_cast<size_t>(first)];
        out[static_cast<size_t>(i)] = text.substr(from, starts[static_cast<size_t>(last)] - from);
      });
  return {string_tensor(std::move(out), shape)};
}

// Pieces between any of the delimiter's characters; each character if there is none.
Texts pieces_by_any(const std::string& text, const std::string& delimiters, bool skip_empty) {
  Texts out;
  if (delimiters.empty()) {
    for (char c : text) out.emplace_back(1, c);
    return out;
  }
  size_t first = 0;
  while (first <= text.size()) {
    const size_t last = std::min(text.find_first_of(delimiters, first), text.size());
    if (last > first || !skip_empty) out.push_back(text.substr(first, last - first));
    first = last + 1;
  }
  return out;
}

// Pieces between whole separators; without one, between runs of white space.
Texts pieces_by_whole(const std::string& text, const std::string& separator, int64_t most) {
  Texts out;
  if (separator.empty()) {
    size_t at = 0;
    while (true) {
      while (at < text.size() && is_space(text[at])) ++at;
      if (at == text.size()) return out;
      if (most >= 0 && size64(out.size()) >= most) {
        const std::string rest = text.substr(at);
        size_t last = rest.size();
        while (last > 0 && is_space(rest[last - 1])) --last;
        out.push_back(rest.substr(0, last));
        return out;
      }
      const size_t first = at;
      while (at < text.size() && !is_space(text[at])) ++at;
      out.push_back(text.substr(first, at - first));
    }
  }
  size_t first = 0;
  while (true) {
    const size_t last =
        most >= 0 && size64(out.size()) >= most ? std::string::npos : text.find(separator, first);
    out.push_back(text.substr(first, last == std::string::npos ? last : last - first));
    if (last == std::string::npos) return out;
    first = last + separator.size();
  }
}

Tensors split(const NodeDef& node, Tensors& in) {
  const Texts texts = texts_of(in[0], "x");
  need_rank(in[0], 1, "x");
  const std::string separator = one_text(in[1], "the separator");
  const bool second = node.op == "StringSplitV2";
  std::vector<int64_t> indices;
  Texts values;
  int64_t longest = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    const Texts pieces = second ? pieces_by_whole(texts[i], separator, node.integer("maxsplit", -1))
                                : pieces_by_any(texts[i], separator, node.flag("skip_empty", true));
    for (size_t k = 0; k < pieces.size(); ++k) {
      indices.insert(indices.end(), {size64(i), size64(k)});
      values.push_back(pieces[k]);
    }
    longest = std::max(longest, size64(pieces.size()));
  }
  const int64_t count = size64(values.size());
  return {tensor_of_ints(indices, {count, 2}), string_tensor(std::move(values), {count}),
          tensor_of_ints(std::vector<int64_t>{size64(texts.size()), longest}, {2})};
}

template <class T>
T parsed(const std::string& text) {
  const std::string plain = stripped(text);
  T value{};
  const char* first = plain.data() + (plain.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(first, plain.data() + plain.size(), value);
  need(error == std::errc() && end == plain.data() + plain.size(), "'{}' is no number", text);
  return value;
}

Tensors to_number(const NodeDef& node, Tensors& in) {
  const DType dtype = node.dtype("out_type", DType::float32);
  const Texts texts = texts_of(in[0], "x");
  if (dtype_is_integer(dtype)) {
    std::vector<int64_t> values;
    for (const std::string& text : texts) values.push_back(parsed<int64_t>(text));
    return {tensor_of_ints(values, in[0].shape, dtype)};
  }
  std::vector<double> values;
  for (const std::string& text : texts) values.push_back(parsed<double>(text));
  return {tensor_of_doubles(values, in[0].shape, dtype)};
}

// printf's formats.
std::string formatted(const NodeDef& node, double number, int64_t integer, bool is_integer) {
  const int64_t precision = node.integer("precision", -1),
                width = std::clamp<int64_t>(node.integer("width", -1), 0, 1000);
  std::string text;
  if (is_integer) {
    text = fmt::format("{}", integer);
  } else if (node.flag("shortest")) {
    text = precision >= 0 ? fmt::format("{:.{}g}", number, precision) : fmt::format("{:g}", number);
  } else if (node.flag("scientific")) {
    text = precision >= 0 ? fmt::format("{:.{}e}", number, precision) : fmt::format("{:e}", number);
  } else {
    text = precision >= 0 ? fmt::format("{:.{}f}", number, precision) : fmt::format("{:f}", number);
  }
  const std::string fill = node.text("fill");
  if ((fill == "+" || fill == " ") && !text.starts_with('-')) text = fill + text;
  const auto missing = static_cast<size_t>(std::max<int64_t>(width - size64(text.size()), 0));
  if (fill == "-") return text + std::string(missing, ' ');
  const bool after_sign = fill == "0" && text.starts_with('-');
  return text.insert(after_sign ? 1 : 0, std::string(missing, fill == "0" ? '0' : ' '));
}

Tensors as_string(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  if (x.dtype == DType::string) return {x};
  need_number(x, "x");
  Texts out;
  const bool is_integer = dtype_is_integer(x.dtype);
  const std::vector<double> numbers = is_integer ? std::vector<double>() : to_doubles(x);
  const std::vector<int64_t> integers = is_integer ? to_ints(x) : std::vector<int64_t>();
  for (int64_t i = 0; i < x.shape.elements(); ++i) {
    const auto at = static_cast<size_t>(i);
    if (x.dtype == DType::boolean) {
      out.push_back(numbers[at] != 0 ? "true" : "false");
    } else {
      out.push_back(formatted(node, is_integer ? 0 : numbers[at], is_integer ? integers[at] : 0, is_integer));
    }
  }
  return {string_tensor(std::move(out), x.shape)};
}

// RE2 is linear in the text, and refuses patterns that would take too much memory.
std::unique_ptr<RE2> compiled(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  auto made = std::make_unique<RE2>(pattern, options);
  need(made->ok(), "the regular expression '{}' is not valid: {}", pattern, made->error());
  return made;
}

Tensors regex_replace(const NodeDef& node, Tensors& in) {
  const bool fixed = node.op == "StaticRegexReplace";
  const auto pattern = compiled(fixed ? node.text("pattern") : one_text(in.at(1), "the pattern"));
  const std::string rewrite = fixed ? node.text("rewrite") : one_text(in.at(2), "the rewrite");
  std::string error;
  need(pattern->CheckRewriteString(rewrite, &error), "the rewrite '{}' is not valid: {}", rewrite, error);
  const bool all = node.flag("replace_global", true);
  return mapped(in[0], [&](std::string text) {
    if (all) {
      RE2::GlobalReplace(&text, *pattern, rewrite);
    } else {
      RE2::Replace(&text, *pattern, rewrite);
    }
    return text;
  });
}

Tensors regex_match(const NodeDef& node, Tensors& in) {
  const auto pattern =
      compiled(node.op == "StaticRegexFullMatch" ? node.text("pattern") : one_text(in.at(1), "the pattern"));
  std::vector<uint8_t> out;
  for (const std::string& text : texts_of(in[0], "x")) out.push_back(RE2::FullMatch(text, *pattern));
  return {tensor_from(out, in[0].shape, DType::boolean)};
}

Tensors hash_bucket(const NodeDef& node, Tensors& in) {
  const int64_t buckets = node.integer("num_buckets");
  need(buckets >= 1, "{} buckets are asked for", buckets);
  std::vector<int64_t> out;
  for (const std::string& text : texts_of(in[0], "x"))
    out.push_back(
        static_cast<int64_t>(util::Fingerprint64(text.data(), text.size()) % static_cast<uint64_t>(buckets)));
  return {tensor_of_ints(out, in[0].shape)};
}

Tensors fingerprint(const NodeDef&, Tensors& in) {
  need(in[0].shape.rank() > 0, "a scalar has no rows");
  const int64_t rows = in[0].shape[0];
  std::vector<uint8_t> out;
  const int64_t width = rows == 0 ? 0 : in[0].shape.elements() / rows;
  for (int64_t i = 0; i < rows; ++i) {
    uint64_t hash = 0;
    if (in[0].dtype == DType::string) {
      need(width == 1, "rows of several strings are not hashed");
      const std::string& text = strings_of(in[0])[static_cast<size_t>(i)];
      hash = util::Fingerprint64(text.data(), text.size());
    } else {
      const int64_t bytes = width * dtype_size(in[0].dtype);
      hash = util::Fingerprint64(reinterpret_cast<const char*>(in[0].data + i * bytes),
                                 static_cast<size_t>(bytes));
    }
    const auto* first = reinterpret_cast<const uint8_t*>(&hash);
    out.insert(out.end(), first, first + sizeof(hash));
  }
  return {tensor_from(out, {rows, 8}, DType::uint8)};
}

// What StringFormat writes for a tensor: NumPy's way, rows in brackets, the middle of long ones left out.
std::string summary(const Tensor& x, int axis, int64_t offset, int64_t most) {
  if (axis == x.shape.rank()) {
    if (x.dtype == DType::string) return "\"" + strings_of(x)[static_cast<size_t>(offset)] + "\"";
    Tensor one = x;
    one.shape = {};
    one.data += offset * dtype_size(x.dtype);
    if (x.dtype == DType::boolean) return to_doubles(one)[0] != 0 ? "1" : "0";
    return dtype_is_integer(x.dtype) ? fmt::format("{}", to_ints(one)[0])
                                     : fmt::format("{:g}", to_doubles(one)[0]);
  }
  const int64_t size = x.shape[axis], step = x.shape.elements(axis + 1, x.shape.rank());
  std::string out = "[";
  for (int64_t i = 0; i < size; ++i) {
    if (most >= 0 && size > 2 * most && i == most) {
      out += axis + 1 == x.shape.rank() ? " ..." : "\n ...";
      i = size - most;
    }
    if (i > 0)
      out += axis + 1 == x.shape.rank() ? " " : "\n" + std::string(static_cast<size_t>(axis) + 1, ' ');
    out += summary(x, axis + 1, offset + i * step, most);
  }
  return out + "]";
}

Tensors format(const NodeDef& node, Tensors& in) {
  std::string text = node.text("template", "%s");
  const std::string placeholder = node.text("placeholder", "%s");
  std::string out;
  size_t first = 0;
  for (const Tensor& x : in) {
    const size_t at = placeholder.empty() ? std::string::npos : text.find(placeholder, first);
    need(at != std::string::npos, "'{}' has too few placeholders", text);
    out += text.substr(first, at - first) + summary(x, 0, 0, node.integer("summarize", 3));
    first = at + placeholder.size();
  }
  return {string_tensor({out + text.substr(first)}, {})};
}

Tensors segment_join(const NodeDef& node, Tensors& in) {
  const Texts texts = texts_of(in[0], "x");
  const std::vector<int64_t> ids = to_ints(in[1]);
  const int64_t count = one_int(in[2], "num_segments");
  need(in[0].shape == in[1].shape && count >= 0 && count < (1 << 28), "segment numbers {} do not fit {}",
       in[1].shape.to_string(), in[0].shape.to_string());
  Texts out(static_cast<size_t>(count));
  std::vector<bool> begun(out.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0) continue;
    need(ids[i] < count, "segment {} of {} is named", ids[i], count);
    const auto at = static_cast<size_t>(ids[i]);
    out[at] += (begun[at] ? node.text("separator") : "") + texts[i];
    begun[at] = true;
  }
  return {string_tensor(std::move(out), {count})};
}

// N-grams of one row.
Texts n_grams(const Texts& row, const NodeDef& node, int64_t width) {
  const int64_t limit = node.integer("pad_width");
  const int64_t pad = limit < 0 ? width - 1 : std::min(limit, width - 1);
  Texts padded(static_cast<size_t>(pad), node.text("left_pad"));
  padded.insert(padded.end(), row.begin(), row.end());
  padded.insert(padded.end(), static_cast<size_t>(pad), node.text("right_pad"));
  Texts out;
  for (int64_t first = 0; first + width <= size64(padded.size()); ++first) {
    std::string gram;
    for (int64_t k = 0; k < width; ++k)
      gram += (k > 0 ? node.text("separator") : "") + padded[static_cast<size_t>(first + k)];
    out.push_back(std::move(gram));
  }
  return out;
}

Tensors string_n_grams(const NodeDef& node, Tensors& in) {
  const Texts data = texts_of(in[0], "data");
  const std::vector<int64_t> splits = to_ints(in[1]);
  std::vector<int64_t> ends{0};
  Texts out;
  for (size_t i = 0; i + 1 < splits.size(); ++i) {
    need(splits[i] >= 0 && splits[i] <= splits[i + 1] && splits[i + 1] <= size64(data.size()),
         "splits do not fit {} strings", data.size());
    const Texts row(data.begin() + splits[i], data.begin() + splits[i + 1]);
    const size_t before = out.size();
    for (int64_t width : node.ints("ngram_widths")) {
      need(width >= 1 && width < (1 << 20), "an n-gram has {} parts", width);
      const Texts grams = n_grams(row, node, width);
      out.insert(out.end(), grams.begin(), grams.end());
    }
    if (out.size() == before && node.flag("preserve_short_sequences") && !row.empty()) {
      const Texts whole = n_grams(row, node, size64(row.size()));
      out.insert(out.end(), whole.begin(), whole.end());
    }
    ends.push_back(size64(out.size()));
  }
  const int64_t count = size64(out.size());
  return {string_tensor(std::move(out), {count}), tensor_of_ints(ends, {size64(ends.size())}, in[1].dtype)};
}

constexpr ComputeRow kRows[] = {{"Equal", 2, compare},
                                {"NotEqual", 2, compare},
                                {"StringJoin", 1, join},
                                {"ReduceJoin", 2, reduce_join},
                                {"StringLower", 1, change_case},
                                {"StringUpper", 1, change_case},
                                {"StringStrip", 1, strip},
                                {"StringLength", 1, length},
                                {"Substr", 3, substring},
                                {"StringSplit", 2, split, "indices values shape"},
                                {"StringSplitV2", 2, split, "indices values shape"},
                                {"StringToNumber", 1, to_number},
                                {"AsString", 1, as_string},
                                {"StringFormat", 0, format},
                                {"RegexReplace", 3, regex_replace},
                                {"StaticRegexReplace", 1, regex_replace},
                                {"RegexFullMatch", 2, regex_match},
                                {"StaticRegexFullMatch", 1, regex_match},
                                {"StringToHashBucketFast", 1, hash_bucket},
                                {"Fingerprint", 1, fingerprint},
                                {"UnsortedSegmentJoin", 3, segment_join},
                                {"StringNGrams", 2, string_n_grams, "ngrams ngrams_splits"}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  return output_of(kRows, node, output);
}

constexpr TfOpDef kComputed = {.names = kNames, .output_offset = output_offset, .compute = compute};

std::vector<Value> lower(NodeCall& call) {
  const std::string_view op = call.def.op;
  if ((op == "Equal" || op == "NotEqual") && call.in.size() == 2 && call.dtype(0) != DType::string)
    return {call.g.op(op == "Equal" ? "equal" : "not_equal", {call.in[0], call.in[1]})};
  return add_late(call.g, call.def, &kComputed, nullptr, call.in, 3);
}

}  // namespace

CORNU_TF_OP(string) = {.names = kNames, .output_offset = output_offset, .lower = lower};

}  // namespace cornu::tensorflow
