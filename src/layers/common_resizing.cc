// See common_resizing.h. Source: keras/src/backend/tensorflow/image.py, resize, 3.15
#include "layers/common_resizing.h"

#include "layers/arithmetic.h"
#include "layers/common_layout.h"

namespace cornu::layers {

Value resize_images(LayerCall& call, Value images, const ResizeSettings& settings) {
  GraphBuilder& g = call.g;
  const int rank = g.rank(images);
  if (rank != 3 && rank != 4) {
    call.fail(ErrorCode::bad_shape, "{} takes an image or a batch of images, received shape {}",
              call.layer.class_name, g.shape(images).to_string());
  }
  Value x = g.cast(images, float_type(g.dtype(images)));
  x = with_rank(g, x, 4, 0);
  if (settings.channels_first) x = channels_to_end(g, x);
  Value y = g.op("resize", {x},
                 {{"size", settings.size},
                  {"method", settings.method},
                  {"antialias", settings.antialias},
                  {"half_pixel", settings.half_pixel},
                  {"fit", settings.fit},
                  {"fill", settings.fill}});
  if (settings.channels_first) y = channels_to_front(g, y);
  return rank == 3 ? g.op("squeeze", {y}, {{"axes", Ints{0}}}) : y;
}

Value rounded_to(GraphBuilder& g, Value y, DType type) {
  const int64_t bits = 8 * dtype_size(type);
  if (!dtype_is_integer(type) || bits > 32) return g.cast(y, type);
  const bool is_unsigned = type == DType::uint8 || type == DType::uint16 || type == DType::uint32;
  const int64_t low = is_unsigned ? 0 : -(int64_t{1} << (bits - 1));
  const int64_t high = low + (int64_t{1} << bits) - 1;
  const Value whole = g.op("round", {g.cast(y, DType::float64)});
  return g.cast(
      g.op("clip", {whole}, {{"min", static_cast<double>(low)}, {"max", static_cast<double>(high)}}), type);
}

}  // namespace cornu::layers
