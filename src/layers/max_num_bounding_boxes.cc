// MaxNumBoundingBoxes: cuts or fills the boxes beside images, which stay as they are.
// Keras   MaxNumBoundingBoxes (3)
// Input   x  images      Output  y = x      Weights  none
// Errors  unsupported for a dictionary of images and boxes
// Source  keras/src/layers/preprocessing/image_preprocessing/max_num_bounding_box.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  if (call.in.size() > 1)
    call.fail(ErrorCode::unsupported,
              "MaxNumBoundingBoxes of {} tensors; only images by themselves are known", call.in.size());
  return lower_augmentation(call, {"max_number", "fill_value", "factor"}, Integers::stay);
}

}  // namespace

CORNU_LAYER(max_num_bounding_boxes) = {.keras_names = {"MaxNumBoundingBoxes"}, .lower = lower};

}  // namespace cornu::layers
