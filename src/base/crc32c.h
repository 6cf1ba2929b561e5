// CRC-32C (Castagnoli), as TensorFlow's checkpoints and LevelDB tables use it. Computed by ISA-L with the CPU's instructions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cornu {

// The checksum of bytes; that of a and b is crc32c(b, crc32c(a)).
uint32_t crc32c(std::span<const std::byte> bytes, uint32_t before = 0);

// How a checksum is stored beside the bytes that it covers: rotated and offset, since a CRC of bytes that hold their CRC
// tells little. Source: tensorflow/core/lib/hash/crc32c.h
uint32_t masked_crc(uint32_t crc);

}  // namespace cornu
