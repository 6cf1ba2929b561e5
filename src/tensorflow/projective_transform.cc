// Images seen through a projection: ImageProjectiveTransformV2 and V3.
// Input   images [batch, height, width, channels], transforms [batch or 1, 8] float32, output_shape (2,) int32; V3: fill_value
// Output  each pixel (x, y) is the input at ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k), k = c0 x + c1 y + 1
// Attrs   interpolation NEAREST or BILINEAR; fill_mode REFLECT, WRAP, CONSTANT (default) or NEAREST
// Source  tensorflow/core/kernels/image/image_ops.h, 2.21
#include <algorithm>
#include <cmath>

#include "ops/op.h"
#include "tensorflow/compute.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

enum class Fill { constant, nearest, reflect, wrap };

Fill fill_of(std::string_view name) {
  if (name == "REFLECT") return Fill::reflect;
  if (name == "WRAP") return Fill::wrap;
  if (name == "NEAREST") return Fill::nearest;
  need(name.empty() || name == "CONSTANT",
       "fill_mode must be REFLECT, WRAP, CONSTANT or NEAREST, received {}", name);
  return Fill::constant;
}

// Where a place lies on an axis that goes on beyond its ends. In float, as TensorFlow computes it.
float placed(float at, int64_t size, Fill fill) {
  if (fill == Fill::constant) return at;
  const auto length = static_cast<float>(size);
  const auto whole = [](float value) { return std::trunc(std::clamp(value, -1e9F, 1e9F)); };
  if (size > 1 && fill == Fill::reflect) {
    const float period = 2 * length;
    if (at < 0) {
      if (at < period) at += period * whole(-at / period);
      at = at < -length ? at + period : -at - 1;
    } else if (at > length - 1) {
      at -= period * whole(at / period);
      if (at >= length) at = period - at - 1;
    }
  } else if (size > 1 && fill == Fill::wrap) {
    if (at < 0) {
      at += length * (whole(-at / (length - 1)) + 1);
    } else if (at > length - 1) {
      at -= length * whole(at / (length - 1));
    }
  } else if (fill != Fill::nearest) {
    at = 0;
  }
  return std::isnan(at) ? at : std::clamp(at, 0.0F, length - 1);
}

struct Sampler {
  const std::vector<double>& pixels;
  int64_t height, width, channels;
  double fill;
  bool bilinear;

  double read(int64_t image, float y, float x, int64_t channel) const {
    if (!(y >= 0 && y < static_cast<float>(height) && x >= 0 && x < static_cast<float>(width))) return fill;
    const int64_t row = image * height + static_cast<int64_t>(y);
    return pixels[static_cast<size_t>((row * width + static_cast<int64_t>(x)) * channels + channel)];
  }
  double at(int64_t image, float y, float x, int64_t channel) const {
    if (!bilinear) return read(image, std::round(y), std::round(x), channel);
    const float top = std::floor(y);
    const float left = std::floor(x);
    const double right = static_cast<double>(x - left);
    const double bottom = static_cast<double>(y - top);
    const auto row = [&](float line) {
      return (1 - right) * read(image, line, left, channel) + right * read(image, line, left + 1, channel);
    };
    return (1 - bottom) * row(top) + bottom * row(top + 1);
  }
};

Tensors transform(const NodeDef& node, Tensors& in) {
  const Tensor& images = in[0];
  need_number(images, "the image");
  need_rank(images, 4, "the image");
  need_type(in[1], DType::float32, "the transforms");
  const Shape& shape = images.shape;
  need(in[1].shape.rank() == 2 && in[1].shape[1] == 8 && (in[1].shape[0] == 1 || in[1].shape[0] == shape[0]),
       "the transforms have shape {}, for {} images they need (1, 8) or one row for each",
       in[1].shape.to_string(), shape[0]);
  const std::vector<int64_t> size = to_ints(in[2]);
  need(size.size() == 2 && size[0] >= 0 && size[1] >= 0, "output_shape must be a height and a width");
  const std::vector<float> matrix = elements<float>(in[1]);
  const std::string_view interpolation = node.text("interpolation");
  need(interpolation == "NEAREST" || interpolation == "BILINEAR",
       "interpolation must be NEAREST or BILINEAR, received {}", interpolation);
  const std::vector<double> pixels = to_doubles(images);
  const Sampler sampler{pixels,
                        shape[1],
                        shape[2],
                        shape[3],
                        in.size() > 3 ? one_double(in[3], "fill_value") : 0.0,
                        interpolation == "BILINEAR"};
  const Fill mode = fill_of(node.text("fill_mode"));
  const Shape target{shape[0], size[0], size[1], shape[3]};
  std::vector<double> out;
  out.reserve(static_cast<size_t>(target.elements()));
  for (int64_t image = 0; image < shape[0]; ++image) {
    const float* m = matrix.data() + (in[1].shape[0] == 1 ? 0 : 8 * image);
    for (int64_t row = 0; row < size[0]; ++row) {
      for (int64_t column = 0; column < size[1]; ++column) {
        const auto y = static_cast<float>(row);
        const auto x = static_cast<float>(column);
        const float k = m[6] * x + m[7] * y + 1.0F;
        const float from_x = placed((m[0] * x + m[1] * y + m[2]) / k, shape[2], mode);
        const float from_y = placed((m[3] * x + m[4] * y + m[5]) / k, shape[1], mode);
        for (int64_t channel = 0; channel < shape[3]; ++channel)
          out.push_back(k == 0 ? sampler.fill : sampler.at(image, from_y, from_x, channel));
      }
    }
  }
  return {tensor_of_doubles(out, target, images.dtype)};
}

constexpr ComputeRow kRows[] = {{"ImageProjectiveTransformV2", 3, transform},
                                {"ImageProjectiveTransformV3", 4, transform}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

}  // namespace

CORNU_TF_OP(projective_transform) = {.names = kNames, .compute = compute};

}  // namespace cornu::tensorflow
