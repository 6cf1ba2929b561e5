// Concatenate: the inputs behind each other along one axis.
// Keras   Concatenate (2.0 on)
// Input   tensors of equal shape but for the axis      Output  y  the axis has the sum of the sizes Weights
// none Errors  bad_config if the axis is not one of the inputs; bad_shape if the other sizes differ Source
// keras/src/layers/merging/concatenate.py, 3.15
#include "layers/merging.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  if (call.in.empty())
    call.fail(ErrorCode::bad_shape, "Concatenate takes at least one input tensor, received none");
  const int64_t axis =
      call.config.checked_axis("axis", call.config.integer({"axis"}, -1), call.g.rank(call.in[0]));
  return {merge_concatenate(call, axis)};
}

}  // namespace

CORNU_LAYER(concatenate) = {.keras_names = {"Concatenate"}, .lower = lower};

}  // namespace cornu::layers
