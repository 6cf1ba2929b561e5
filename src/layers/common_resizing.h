// Images resampled to another size, for the layers and functions that do so.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

struct ResizeSettings {
  Ints size;           // height and width
  std::string method;  // of the op resize
  bool antialias = false;
  bool half_pixel = true;
  std::string fit = "stretch";  // of the op resize
  double fill = 0;
  bool channels_first = false;
};

// images [height, width, channels] or [batch, height, width, channels] (channels first: before them) in another
// size; the result is floating point. Throws bad_shape for another rank.
Value resize_images(LayerCall& call, Value images, const ResizeSettings& settings);

// y rounded to the nearest integer and kept inside the range of an integer type; cast for other types.
Value rounded_to(GraphBuilder& g, Value y, DType type);

}  // namespace cornu::layers
