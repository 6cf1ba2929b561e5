// Arrays and errors as bytes, for memory that two processes map.
//
//   u64 count; per array: u64 dtype, u64 rank, i64 sizes[rank], u64 offset, u64 bytes; then the elements, each array at a
//   multiple of 64. Elements of strings: u64 length of each, then the bytes of all.
//   An error: u64 code, u64 bytes of where, where, message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cornu/error.h"
#include "cornu/tensor.h"

namespace cornu {

constexpr uint64_t kMessageAlignment = 64;  // a cache line, and the widest vector

uint64_t message_bytes(std::span<const Array> arrays);
void write_message(std::span<const Array> arrays, std::byte* out);
// Arrays over `bytes`, which live as long as the caller says (strings are copied). Throws internal for a damaged message.
std::vector<Array> read_message(std::span<const std::byte> bytes);

// At most out.size() bytes; the message is cut if need be. Returns the bytes used.
size_t write_error(const Error& error, std::span<std::byte> out);
Error read_error(std::span<const std::byte> bytes);

// A copy of the array in memory of its own.
Array own_copy(const Array& array);

}  // namespace cornu
