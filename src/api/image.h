// Image: a model without a file, as memory that processes share: its config, then its weights.
//
// The message of api/message.h's layout: one string (the config), then the arrays in the order of ModelInfo::weights, each at
// a multiple of 64 bytes.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "cornu/tensor.h"

namespace cornu {

struct Image {
  std::string config;
  std::vector<Array> weights;  // views that keep the mapping alive
};

// Memory without a name that holds a copy of the weights. The system frees it with its last user, however that ends; other
// users of the machine cannot open it, and nobody can write to it. Throws out_of_memory, io.
Descriptor write_image(const std::string& config, std::span<const Array> weights);

// What write_image() made, mapped: weights are not read. Throws bad_file, io.
Image read_image(const Descriptor& memory);

}  // namespace cornu
