// See common_augmentation.h.
// Source: keras/src/layers/preprocessing/image_preprocessing/base_image_preprocessing_layer.py, 3.15;
// tf_keras/src/layers/preprocessing/image_preprocessing.py, 2.21
#include "layers/common_augmentation.h"

namespace cornu::layers {

std::vector<Value> lower_augmentation(LayerCall& call, Keys keys, Integers integers) {
  call.config.raw(keys);
  call.config.raw({"data_format", "seed", "rng_type", "bounding_box_format", "generator"});
  if (call.in.empty())
    call.fail(ErrorCode::bad_shape, "{} takes images, received no tensor", call.layer.class_name);
  std::vector<Value> out = call.in;
  if (integers == Integers::stay || !dtype_is_floating(call.compute_dtype)) return out;
  for (Value& image : out) image = call.g.cast(image, call.compute_dtype);
  return out;
}

}  // namespace cornu::layers
