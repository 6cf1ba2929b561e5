// AutoContrast: stretches each channel of an image to the whole range of values; channels of one value stay.
// Keras   AutoContrast (3)
// Input   x  images [batch, height, width, channels] or one image      Output  y  the same, in the layer's dtype
// Errors  bad_config for a range that is no pair of different numbers
// Source  keras/src/layers/preprocessing/image_preprocessing/auto_contrast.py, 3.15
#include "layers/common_layout.h"

namespace cornu::layers {
namespace {

// x * factor + shift
Value affine(GraphBuilder& g, Value x, double factor, double shift) {
  return g.op("add", {g.op("mul", {x, g.scalar_like(factor, x)}), g.scalar_like(shift, x)});
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  call.config.raw({"data_format", "factor", "bounding_box_format"});
  double low = 0;
  double high = 255;
  if (call.config.is_set({"value_range"})) {
    const std::vector<double> range = to_doubles(numbers_of(call.config, "value_range", DType::float64));
    if (range.size() != 2 || range[0] == range[1])
      call.config.fail_value("value_range", call.config.raw({"value_range"}), "two different numbers");
    low = std::min(range[0], range[1]);
    high = std::max(range[0], range[1]);
  }
  const Value given = g.cast(call.in[0], call.compute_dtype);
  const int rank = g.rank(given);
  if (rank != 3 && rank != 4) {
    call.fail(ErrorCode::bad_shape, "AutoContrast takes an image or a batch of images, received shape {}",
              g.shape(given).to_string());
  }
  const double scale = 255 / (high - low);
  const Value x = affine(g, given, scale, -low * scale);
  const Attrs over{{"axes", Ints{rank - 3, rank - 2}}, {"keepdims", true}};
  const Value least = g.op("reduce_min", {x}, over);
  const Value factor =
      g.op("div", {g.scalar_like(255, x), g.op("sub", {g.op("reduce_max", {x}, over), least})});
  Value y = g.op("add", {g.op("mul", {x, factor}), g.op("mul", {g.op("neg", {least}), factor})});
  y = affine(g, g.op("clip", {y}, {{"min", 0.0}, {"max", 255.0}}), 1 / scale, low);
  return {g.op("select", {g.op("is_nan", {y}), given, y})};
}

}  // namespace

CORNU_LAYER(auto_contrast) = {.keras_names = {"AutoContrast"}, .lower = lower};

}  // namespace cornu::layers
