// The bytes of a tensor in pieces, for writers: a mapped weight of any size passes through little memory.
#pragma once

#include <functional>

#include "tensor/tensor.h"

namespace cornu {

// Calls write() with the bytes of a numeric tensor from front to back. Pages of a mapped file are let go after each piece; who
// reads them again gets them from the page cache.
void for_each_piece(const Tensor& tensor, const std::function<void(std::span<const std::byte>)>& write);

}  // namespace cornu
