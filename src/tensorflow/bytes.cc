// Bytes in strings: numbers, base 64, hashes; bits in bytes.
//   CompareAndBitpack (of TensorFlow 1), DecodeRaw, DecodePaddedRaw, DecodeBase64, EncodeBase64, StringToHashBucketStrong
// Source  tensorflow/core/kernels/{decode_raw,decode_padded_raw,base64,string_to_hash_bucket}_op*.cc, 2.21; RFC 4648, section 5;
//         Aumasson, Bernstein: SipHash, a fast short-input PRF (SipHash-2-4)
#include <algorithm>
#include <bit>

#include "base/checked.h"
#include "tensorflow/compute.h"
#include "tensorflow/hashes.h"

namespace cornu::tensorflow {
namespace {

using Texts = std::span<const std::string>;

Texts texts(const Tensor& x) {
  need_type(x, DType::string, "the bytes");
  return strings_of(x);
}

int64_t size64(size_t size) {
  return static_cast<int64_t>(size);
}

// `length` bytes of each string as numbers of one type; shorter strings are filled with zeros.
Tensor numbers_of(const NodeDef& node, const Tensor& x, size_t length) {
  const DType dtype = node.dtype("out_type");
  const auto size = static_cast<size_t>(dtype_size(dtype));
  need(size > 0 && dtype != DType::string, "bytes do not make {}", dtype_name(dtype));
  need(length % size == 0, "{} bytes are no whole number of {}", length, dtype_name(dtype));
  Shape shape = x.shape;
  shape.push_back(size64(length / size));
  shape.elements();  // throws if that overflows
  checked_mul(size64(length), std::max<int64_t>(x.shape.elements(), 1), "the bytes");
  NewTensor out = new_tensor(dtype, shape);
  const size_t part = dtype == DType::complex64 || dtype == DType::complex128 ? size / 2 : size;
  const bool swapped = !node.flag("little_endian", true);
  std::byte* to = out.data;
  for (const std::string& text : texts(x)) {
    const size_t taken = std::min(text.size(), length);
    if (taken > 0) std::memcpy(to, text.data(), taken);
    if (length > taken) std::memset(to + taken, 0, length - taken);
    for (size_t i = 0; swapped && i < length; i += part) std::reverse(to + i, to + i + part);
    to += length;
  }
  return out.tensor;
}

Tensors decode_raw(const NodeDef& node, Tensors& in) {
  const Texts all = texts(in[0]);
  const size_t length = all.empty() ? 0 : all[0].size();
  for (const std::string& text : all)
    need(text.size() == length, "strings of {} and {} bytes are decoded together", length, text.size());
  return {numbers_of(node, in[0], length)};
}

Tensors decode_padded_raw(const NodeDef& node, Tensors& in) {
  const int64_t length = one_int(in[1], "fixed_length");
  need(length > 0 && length < (int64_t{1} << 31), "fixed_length is {}", length);
  return {numbers_of(node, in[0], static_cast<size_t>(length))};
}

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encoded(std::string_view bytes, bool pad) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view three = bytes.substr(i, 3);
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < three.size() ? static_cast<uint8_t>(three[k]) : 0U);
    for (size_t k = 0; k <= three.size(); ++k) out.push_back(kDigits[bits >> (18 - 6 * k) & 63]);
    if (pad) out.append(3 - three.size(), '=');
  }
  return out;
}

std::string decoded(std::string_view text) {
  if (text.size() % 4 == 0 && text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  need(text.size() % 4 != 1, "{} characters are no base 64", text.size());
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    need(digit != kDigits.npos, "'{}' is no digit of base 64 for URLs", c);
    bits = (bits << 6 | static_cast<uint32_t>(digit)) & 0xFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return out;
}

Tensors base64(const NodeDef& node, Tensors& in) {
  const bool pad = node.flag("pad");
  std::vector<std::string> out;
  for (const std::string& text : texts(in[0]))
    out.push_back(node.op == "EncodeBase64" ? encoded(text, pad) : decoded(text));
  return {string_tensor(std::move(out), in[0].shape)};
}

Tensors hash_bucket(const NodeDef& node, Tensors& in) {
  const int64_t buckets = node.integer("num_buckets");
  need(buckets > 0, "num_buckets is {}", buckets);
  const Ints key = node.ints("key");
  need(key.size() == 2, "the key has {} numbers, two are needed", key.size());
  std::vector<int64_t> out;
  for (const std::string& text : texts(in[0]))
    out.push_back(
        static_cast<int64_t>(sip_hash({static_cast<uint64_t>(key[0]), static_cast<uint64_t>(key[1])}, text) %
                             static_cast<uint64_t>(buckets)));
  return {tensor_of_ints(out, in[0].shape)};
}

// Whether each number exceeds the threshold, eight to a byte, the first in the highest bit.
Tensors compare_and_bitpack(const NodeDef&, Tensors& in) {
  need_number(in[0], "the input");
  const int rank = in[0].shape.rank();
  need(rank > 0 && in[0].shape.back() % 8 == 0, "the last axis of {} is no multiple of 8",
       in[0].shape.to_string());
  const double threshold = in[0].dtype == DType::boolean ? 0 : one_double(in[1], "the threshold");
  const std::vector<double> x = to_doubles(in[0]);
  std::vector<uint8_t> out(x.size() / 8, 0);
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] > threshold) out[i / 8] = static_cast<uint8_t>(out[i / 8] | 0x80U >> i % 8);
  }
  return {
      tensor_from(out, joined(sub_shape(in[0].shape, 0, rank - 1), {in[0].shape.back() / 8}), DType::uint8)};
}

constexpr ComputeRow kRows[] = {{"CompareAndBitpack", 2, compare_and_bitpack},
                                {"DecodeRaw", 1, decode_raw, "", false},
                                {"DecodePaddedRaw", 2, decode_padded_raw, "", false},
                                {"DecodeBase64", 1, base64},
                                {"EncodeBase64", 1, base64},
                                {"StringToHashBucketStrong", 1, hash_bucket}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

}  // namespace

CORNU_TF_OP(bytes) = {.names = kNames, .compute = compute};

}  // namespace cornu::tensorflow
