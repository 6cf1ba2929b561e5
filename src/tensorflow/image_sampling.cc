// Images resampled by a filter or a projection, and boxes drawn over them.
//   ScaleAndTranslate, ImageProjectiveTransformV2 / V3, DrawBoundingBoxes, DrawBoundingBoxesV2
// Source  tensorflow/core/kernels/image/{scale_and_translate_op,sampling_kernels,image_ops,draw_bounding_box_op}, 2.21
#include <algorithm>
#include <cmath>
#include <numbers>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

double lanczos(double x, double radius) {
  x = std::abs(x);
  if (x > radius) return 0;
  if (x <= 1e-3) return 1;  // no division by nearly zero
  const double pi_x = std::numbers::pi * x;
  return radius * std::sin(pi_x) * std::sin(pi_x / radius) / (pi_x * pi_x);
}

struct Filter {
  std::string_view name;
  double radius;
  double (*weight)(double x);  // x >= 0
};

constexpr Filter kFilters[] = {
    {"lanczos1", 1, [](double x) { return lanczos(x, 1); }},
    {"lanczos3", 3, [](double x) { return lanczos(x, 3); }},
    {"lanczos5", 5, [](double x) { return lanczos(x, 5); }},
    {"gaussian", 1.5, [](double x) { return x >= 1.5 ? 0 : std::exp(-x * x / (2 * 0.5 * 0.5)); }},
    {"box", 1, [](double x) { return x < 0.5    ? 1
                                     : x == 0.5 ? 0.5
                                                : 0; }},
    {"triangle", 1, [](double x) { return std::max(0.0, 1 - x); }},
    {"keyscubic", 2,
     [](double x) {
       if (x >= 2) return 0.0;
       return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : ((1.5 * x - 2.5) * x) * x + 1;
     }},
    {"mitchellcubic", 2, [](double x) {
       if (x >= 2) return 0.0;
       return x >= 1 ? (((-7.0 / 18) * x + 2) * x - 10.0 / 3) * x + 16.0 / 9
                     : (((7.0 / 6) * x - 2) * x) * x + 8.0 / 9;
     }}};

const Filter& filter_of(const std::string& name) {
  for (const Filter& filter : kFilters) {
    if (filter.name == name) return filter;
  }
  fail(ErrorCode::unsupported, "", "there is no filter '{}' for images", name);
}

// What a place of the output is made of along one axis.
struct Span {
  int64_t first = 0;
  std::vector<double> weights;
};

std::vector<Span> spans_of(const Filter& filter, int64_t out, int64_t in, float scale, float translate,
                           bool antialias) {
  const float back = 1.0F / scale, offset = -back * translate;
  const float widening = antialias ? std::max(back, 1.0F) : 1.0F;
  const float reach = static_cast<float>(filter.radius) * widening;
  std::vector<Span> spans(static_cast<size_t>(out));
  for (int64_t o = 0; o < out; ++o) {
    const float at = (static_cast<float>(o) + 0.5F) * back + offset;
    if (!(at >= 0 && at <= static_cast<float>(in))) continue;
    Span& span = spans[static_cast<size_t>(o)];
    span.first = std::clamp<int64_t>(static_cast<int64_t>(std::ceil(at - reach - 0.5F)), 0, in - 1);
    const int64_t last = std::clamp<int64_t>(static_cast<int64_t>(std::floor(at + reach - 0.5F)), 0, in - 1);
    double sum = 0;
    for (int64_t i = span.first; i <= last; ++i) {
      const float distance = (static_cast<float>(i) + 0.5F - at) * (1.0F / widening);
      span.weights.push_back(filter.weight(static_cast<double>(std::abs(distance))));
      sum += span.weights.back();
    }
    const double factor =
        std::abs(sum) >= 1000 * static_cast<double>(std::numeric_limits<float>::min()) ? 1 / sum : 0;
    for (double& weight : span.weights) weight *= factor;
  }
  return spans;
}

struct Pair {
  float y, x;
};

Pair pair_of(const Tensor& tensor, const char* what) {
  const std::vector<double> values = to_doubles(tensor);
  need(values.size() == 2, "{} has {} numbers, two are needed", what, values.size());
  return {static_cast<float>(values[0]), static_cast<float>(values[1])};
}

Shape resized(const Tensor& image, const Tensor& size) {
  need_rank(image, 4, "the image");
  need_number(image, "the image");
  const std::vector<int64_t> sizes = to_ints(size);
  need(sizes.size() == 2 && sizes[0] > 0 && sizes[1] > 0,
       "the size of an image must be two positive numbers");
  need(image.shape[1] > 0 && image.shape[2] > 0, "an image without pixels is resized");
  const Shape shape{image.shape[0], sizes[0], sizes[1], image.shape[3]};
  shape.elements();  // throws if that overflows
  return shape;
}

Tensors scale_and_translate(const NodeDef& node, Tensors& in) {
  const Tensor& image = in[0];
  const Shape shape = resized(image, in[1]);
  const Pair scale = pair_of(in[2], "scale"), move = pair_of(in[3], "translation");
  need(scale.y > 0 && scale.x > 0, "the scale is {} and {}, it must be positive", scale.y, scale.x);
  const Filter& filter = filter_of(node.text("kernel_type", "lanczos3"));
  const bool antialias = node.flag("antialias", true);
  const int64_t height = image.shape[1], width = image.shape[2], channels = image.shape[3];
  const auto rows = spans_of(filter, shape[1], height, scale.y, move.y, antialias);
  const auto columns = spans_of(filter, shape[2], width, scale.x, move.x, antialias);
  const std::vector<double> x = to_doubles(image);
  std::vector<double> out;
  out.reserve(static_cast<size_t>(shape.elements()));
  std::vector<double> line(static_cast<size_t>(width * channels));
  for (int64_t b = 0; b < shape[0]; ++b) {
    for (const Span& row : rows) {
      std::fill(line.begin(), line.end(), 0.0);
      for (size_t k = 0; k < row.weights.size(); ++k) {
        const double* from = x.data() + (b * height + row.first + static_cast<int64_t>(k)) * width * channels;
        for (size_t i = 0; i < line.size(); ++i) line[i] += row.weights[k] * from[i];
      }
      for (const Span& column : columns) {
        for (int64_t c = 0; c < channels; ++c) {
          double sum = 0;
          for (size_t k = 0; k < column.weights.size(); ++k)
            sum += column.weights[k] *
                   line[static_cast<size_t>((column.first + static_cast<int64_t>(k)) * channels + c)];
          out.push_back(sum);
        }
      }
    }
  }
  return {tensor_of_doubles(out, shape, DType::float32)};
}

// Where a coordinate beyond the image lands, in float32 as in TensorFlow, since it is rounded.
float mapped(float at, int64_t size, const std::string& mode) {
  const auto n = static_cast<float>(size);
  if (mode == "CONSTANT") return at;
  if (size > 1 && mode == "WRAP") {
    if (at < 0) {
      at += n * (std::trunc(-at / (n - 1)) + 1);
    } else if (at > n - 1) {
      at -= n * std::trunc(at / (n - 1));
    }
  } else if (size > 1 && mode == "REFLECT") {
    const float period = 2 * n;
    if (at < 0) {
      at = period * std::trunc(-at / period) + at;
      at = at < -n ? at + period : -at - 1;
    } else if (at > n - 1) {
      at -= period * std::trunc(at / period);
      if (at >= n) at = period - at - 1;
    }
  }
  return std::clamp(at, 0.0F, n - 1);
}

class Projector {
 public:
  Projector(const NodeDef& node, const Tensor& image, double fill)
      : x_(to_doubles(image)),
        height_(image.shape[1]),
        width_(image.shape[2]),
        channels_(image.shape[3]),
        fill_(fill),
        mode_(node.text("fill_mode", "CONSTANT")),
        nearest_(node.text("interpolation") == "NEAREST") {
    need(mode_ == "CONSTANT" || mode_ == "NEAREST" || mode_ == "WRAP" || mode_ == "REFLECT",
         "there is no fill mode '{}'", mode_);
    need(nearest_ || node.text("interpolation") == "BILINEAR", "there is no interpolation '{}'",
         node.text("interpolation"));
  }

  double sample(int64_t b, float row, float column, int64_t c) const {
    const auto y = static_cast<double>(mapped(row, height_, mode_));
    const auto x = static_cast<double>(mapped(column, width_, mode_));
    if (nearest_) return at(b, std::round(y), std::round(x), c);
    const double top = std::floor(y), left = std::floor(x), v = y - top, h = x - left;
    const double upper = (1 - h) * at(b, top, left, c) + h * at(b, top, left + 1, c);
    const double lower = (1 - h) * at(b, top + 1, left, c) + h * at(b, top + 1, left + 1, c);
    return (1 - v) * upper + v * lower;
  }

 private:
  double at(int64_t b, double y, double x, int64_t c) const {
    if (!(y >= 0 && y < static_cast<double>(height_) && x >= 0 && x < static_cast<double>(width_)))
      return fill_;
    return x_[static_cast<size_t>(
        ((b * height_ + static_cast<int64_t>(y)) * width_ + static_cast<int64_t>(x)) * channels_ + c)];
  }

  const std::vector<double> x_;
  int64_t height_, width_, channels_;
  double fill_;
  std::string mode_;
  bool nearest_;
};

Tensors project(const NodeDef& node, Tensors& in) {
  const Shape shape = resized(in[0], in[2]);
  const std::vector<float> matrices = elements<float>(cast_tensor(in[1], DType::float32));
  const int64_t count = static_cast<int64_t>(matrices.size()) / 8;
  need(static_cast<int64_t>(matrices.size()) == count * 8 && (count == 1 || count == shape[0]),
       "transforms {} do not fit {} images", in[1].shape.to_string(), shape[0]);
  const double fill = in.size() > 3 ? one_double(in[3], "the fill value") : 0;
  const Projector image(node, in[0], fill);
  std::vector<double> out;
  for (int64_t b = 0; b < shape[0]; ++b) {
    const float* m = matrices.data() + (count == 1 ? 0 : b * 8);
    for (int64_t o = 0; o < shape[1] * shape[2]; ++o) {
      const auto y = static_cast<float>(o / shape[2]), x = static_cast<float>(o % shape[2]);
      const float depth = m[6] * x + m[7] * y + 1;
      const float row = (m[3] * x + m[4] * y + m[5]) / depth, column = (m[0] * x + m[1] * y + m[2]) / depth;
      // Zero depth is infinitely far away.
      for (int64_t c = 0; c < shape[3]; ++c)
        out.push_back(depth == 0 ? fill : image.sample(b, row, column, c));
    }
  }
  return {tensor_of_doubles(out, shape, in[0].dtype)};
}

// The colours that boxes get in turn where none are given: red, green, blue, opacity.
constexpr double kColours[][4] = {{1, 1, 0, 1},     {0, 0, 1, 1},     {1, 0, 0, 1},   {0, 1, 0, 1},
                                  {0.5, 0, 0.5, 1}, {0.5, 0.5, 0, 1}, {0.5, 0, 0, 1}, {0, 0, 0.5, 1},
                                  {0, 1, 1, 1},     {1, 0, 1, 1}};

Tensors draw_boxes(const NodeDef&, Tensors& in) {
  const Tensor& image = in[0];
  need_rank(image, 4, "the image");
  need_rank(in[1], 3, "the boxes");
  const int64_t batch = image.shape[0], height = image.shape[1], width = image.shape[2],
                depth = image.shape[3];
  need(in[1].shape[0] == batch && in[1].shape[2] == 4, "boxes {} do not fit images {}",
       in[1].shape.to_string(), image.shape.to_string());
  need(depth == 1 || depth == 3 || depth == 4, "the image has {} channels, it may have 1, 3 or 4", depth);
  std::vector<double> pixels = to_doubles(image);
  const std::vector<double> boxes = to_doubles(in[1]);
  std::vector<std::vector<double>> colours;
  if (in.size() > 2 && in[2].shape.elements() > 0) {
    need_rank(in[2], 2, "the colours");
    need(in[2].shape[1] >= depth, "colours have {} channels, the image {}", in[2].shape[1], depth);
    const std::vector<double> given = to_doubles(in[2]);
    for (int64_t i = 0; i < in[2].shape[0]; ++i)
      colours.emplace_back(given.begin() + i * in[2].shape[1], given.begin() + (i + 1) * in[2].shape[1]);
  } else {
    for (const auto& colour : kColours) colours.emplace_back(std::begin(colour), std::end(colour));
  }
  if (depth == 1) colours.assign(1, {1});  // white
  const int64_t count = in[1].shape[1];
  const auto put = [&](int64_t b, int64_t y, int64_t x, const std::vector<double>& colour) {
    for (int64_t c = 0; c < depth; ++c)
      pixels[static_cast<size_t>(((b * height + y) * width + x) * depth + c)] =
          colour[static_cast<size_t>(c)];
  };
  const auto place = [](double share, int64_t size) {
    return static_cast<int64_t>(static_cast<float>(share) * static_cast<float>(size - 1));
  };
  for (int64_t i = 0; i < batch * count; ++i) {
    const double* box = boxes.data() + i * 4;
    need(std::all_of(box, box + 4, [](double at) { return std::isfinite(at) && std::abs(at) < 1e9; }),
         "a box is not finite");
    const std::vector<double>& colour = colours[static_cast<size_t>(i % count) % colours.size()];
    const int64_t top = place(box[0], height), left = place(box[1], width);
    const int64_t bottom = place(box[2], height), right = place(box[3], width);
    if (top > bottom || left > right || top >= height || bottom < 0 || left >= width || right < 0) continue;
    const auto inside = [](int64_t at, int64_t size) { return std::clamp<int64_t>(at, 0, size - 1); };
    for (int64_t x = inside(left, width); x <= inside(right, width); ++x) {
      if (top >= 0) put(i / count, top, x, colour);
      if (bottom < height) put(i / count, bottom, x, colour);
    }
    for (int64_t y = inside(top, height); y <= inside(bottom, height); ++y) {
      if (left >= 0) put(i / count, y, left, colour);
      if (right < width) put(i / count, y, right, colour);
    }
  }
  return {tensor_of_doubles(pixels, image.shape, image.dtype)};
}

constexpr ComputeRow kRows[] = {{"ScaleAndTranslate", 4, scale_and_translate, "", false},
                                {"ImageProjectiveTransformV2", 3, project},
                                {"ImageProjectiveTransformV3", 4, project},
                                {"DrawBoundingBoxes", 2, draw_boxes},
                                {"DrawBoundingBoxesV2", 3, draw_boxes}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

}  // namespace

CORNU_TF_OP(image_sampling) = {.names = kNames, .compute = compute};

}  // namespace cornu::tensorflow
