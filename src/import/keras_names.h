// Names that Keras derives from class names.
#pragma once

#include <string>
#include <string_view>

namespace cornu::import {

// Keras's to_snake_case: "Conv2D" -> "conv2d", "BatchNormalization" -> "batch_normalization", "PReLU" -> "p_re_lu".
// Source: keras/src/utils/naming.py, 3.15
std::string snake_case(std::string_view name);

}  // namespace cornu::import
