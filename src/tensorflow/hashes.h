// Hashes of TensorFlow that no library of Debian has.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace cornu::tensorflow {

// SipHash-2-4. Source  Aumasson, Bernstein: SipHash, a fast short-input PRF
inline uint64_t sip_hash(const std::array<uint64_t, 2>& key, std::string_view text) {
  uint64_t v0 = key[0] ^ 0x736f6d6570736575, v1 = key[1] ^ 0x646f72616e646f6d;
  uint64_t v2 = key[0] ^ 0x6c7967656e657261, v3 = key[1] ^ 0x7465646279746573;
  const auto rounds = [&](int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  };
  const auto absorb = [&](uint64_t word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  };
  size_t at = 0;
  uint64_t word = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::memcpy(&word, text.data() + at, 8);
    absorb(word);
  }
  word = 0;
  if (at < text.size()) std::memcpy(&word, text.data() + at, text.size() - at);
  absorb(word | static_cast<uint64_t>(text.size()) << 56);
  v2 ^= 0xFF;
  rounds(4);
  return v0 ^ v1 ^ v2 ^ v3;
}

// Of two hashes one. Source  FingerprintCat64 of tensorflow/core/platform/fingerprint.h
inline uint64_t joined_hash(uint64_t a, uint64_t b) {
  constexpr uint64_t kMultiplier = 0xc6a4a7935bd1e995;  // of MurmurHash64A
  const auto mixed = [](uint64_t value) { return value ^ (value >> 47); };
  const uint64_t both = ((a ^ kMultiplier) ^ (mixed(b * kMultiplier) * kMultiplier)) * kMultiplier;
  return mixed(mixed(both) * kMultiplier);
}

}  // namespace cornu::tensorflow
