// The structures of an HDF5 file as bytes: superblock version 0, object headers version 1, one heap of strings.
// Source: HDF5 File Format Specification 3.0, sections named beside each function in encode.cc
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace cornu::formats::hdf5 {

using Bytes = std::vector<std::byte>;

constexpr uint64_t kSuperblockBytes = 96;
Bytes superblock(uint64_t root_header, uint64_t end);

// Whether arrays of the type can be written: every type but strings and complex numbers.
bool is_storable(DType dtype);

// A global heap collection: strings of any length, which attributes point to.
class TextHeap {
 public:
  uint32_t add(std::string_view text);  // the index of the string, from 1
  Bytes finish();                       // the whole collection; empty if it holds nothing

 private:
  Bytes objects_;
  uint32_t count_ = 0;
};

// The header of one object, message after message.
class Header {
 public:
  void begin_group();
  void add_link(std::string_view name, uint64_t header);
  // Type, shape and place of an array; `data` is not used for an array without elements.
  void add_dataset(const Tensor& tensor, uint64_t data);
  // One string, which lies in the heap at address `heap` as number `index`.
  void add_text(const std::string& name, size_t length, uint32_t index, uint64_t heap);
  // An array of strings, each padded to the longest.
  void add_texts(const std::string& name, const std::vector<std::string>& texts);

  size_t messages() const { return count_; }
  Bytes finish() const;

 private:
  void message(uint16_t type, const Bytes& data);
  void attribute(const std::string& name, const Bytes& datatype, const Bytes& dataspace, const Bytes& value);
  Bytes messages_;
  size_t count_ = 0;
};

}  // namespace cornu::formats::hdf5
