// Images: resizing with TensorFlow 1's options, colours, crops, patches, boxes.
//   ResizeBilinear, ResizeNearestNeighbor, ResizeBicubic, ResizeArea, CropAndResize, AdjustContrastv2, AdjustHue,
//   AdjustSaturation, RGBToHSV, HSVToRGB, ExtractImagePatches, LRN, MaxPoolWithArgmax
// What today's resizing means runs as the IR op resize; corners that are aligned, integers and crops are computed here.
// Source  tensorflow/core/ops/{image,nn,array}_ops.cc and kernels/image, 2.21
#include <algorithm>
#include <cmath>

#include "ops/op.h"
#include "tensorflow/compute.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

struct Images {
  int64_t batch, height, width, channels;
  std::vector<double> pixels;
  double at(int64_t b, int64_t y, int64_t x, int64_t c) const {
    return pixels[static_cast<size_t>(((b * height + y) * width + x) * channels + c)];
  }
};

Images images_of(const Tensor& x) {
  need_number(x, "the image");
  need_rank(x, 4, "the image");
  return {x.shape[0], x.shape[1], x.shape[2], x.shape[3], to_doubles(x)};
}

// Two or four neighbours of a place along an axis.
struct Taps {
  int64_t at[4];
  double weight[4];
};

struct Sampling {
  bool align = false, half = false;
  float scale(int64_t in, int64_t out) const {
    return align && out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                            : static_cast<float>(in) / static_cast<float>(out);
  }
  float place(int64_t o, float scale) const {
    return half ? (static_cast<float>(o) + 0.5F) * scale - 0.5F : static_cast<float>(o) * scale;
  }
};

int64_t inside(int64_t at, int64_t size) {
  return std::clamp<int64_t>(at, 0, size - 1);
}

Taps linear_taps(float place, int64_t size) {
  const float low = std::floor(place);
  const double share = static_cast<double>(place - low);
  const auto first = static_cast<int64_t>(low);
  return {{std::max<int64_t>(first, 0), std::min(first + 1, size - 1), 0, 0}, {1 - share, share, 0, 0}};
}

// Keys's cubic filter, from a table of 1024 steps as in TensorFlow. a: -0.75 with corners at pixels, -0.5 with centres.
Taps cubic_taps(float place, int64_t size, double a, bool drop_outside) {
  const float low = std::floor(place);
  const double x = static_cast<double>(std::lrintf((place - low) * 1024.0F)) / 1024.0;
  const auto first = static_cast<int64_t>(low);
  const auto inner = [&](double t) { return ((a + 2) * t - (a + 3)) * t * t + 1; };
  const auto outer = [&](double t) { return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a; };
  Taps taps{{}, {outer(x + 1), inner(x), inner(1 - x), outer(2 - x)}};
  double sum = 0;
  for (int k = 0; k < 4; ++k) {
    taps.at[k] = inside(first - 1 + k, size);
    if (drop_outside && taps.at[k] != first - 1 + k) taps.weight[k] = 0;
    sum += taps.weight[k];
  }
  for (int k = 0; drop_outside && sum != 0 && k < 4; ++k) taps.weight[k] /= sum;
  return taps;
}

Taps taps_at(std::string_view op, const Sampling& sampling, int64_t o, int64_t in, int64_t out) {
  const float scale = sampling.scale(in, out);
  const float place = sampling.place(o, scale);
  if (op == "ResizeBicubic") return cubic_taps(place, in, sampling.half ? -0.5 : -0.75, sampling.half);
  if (op == "ResizeBilinear") return linear_taps(place, in);
  // Nearest: centres are not moved back.
  const float centre = sampling.half ? (static_cast<float>(o) + 0.5F) * scale : place;
  return {
      {inside(static_cast<int64_t>(sampling.align ? std::roundf(centre) : std::floor(centre)), in), 0, 0, 0},
      {1, 0, 0, 0}};
}

Shape resized_shape(const Tensor& image, const Tensor& sizes) {
  const std::vector<int64_t> size = to_ints(sizes);
  need(size.size() == 2 && size[0] > 0 && size[1] > 0, "the size of an image must be two positive numbers");
  need(image.shape[1] > 0 && image.shape[2] > 0, "an image without pixels is resized");
  return {image.shape[0], size[0], size[1], image.shape[3]};
}

Tensors resize(const NodeDef& node, Tensors& in) {
  const Images x = images_of(in[0]);
  const Shape shape = resized_shape(in[0], in[1]);
  const Sampling sampling{node.flag("align_corners"), node.flag("half_pixel_centers")};
  std::vector<double> out;
  out.reserve(static_cast<size_t>(shape.elements()));
  for (int64_t b = 0; b < x.batch; ++b) {
    for (int64_t oy = 0; oy < shape[1]; ++oy) {
      const Taps v = taps_at(node.op, sampling, oy, x.height, shape[1]);
      for (int64_t ox = 0; ox < shape[2]; ++ox) {
        const Taps h = taps_at(node.op, sampling, ox, x.width, shape[2]);
        for (int64_t c = 0; c < x.channels; ++c) {
          double sum = 0;
          for (int i = 0; i < 4; ++i) {
            for (int j = 0; j < 4 && v.weight[i] != 0; ++j) {
              if (h.weight[j] != 0) sum += v.weight[i] * h.weight[j] * x.at(b, v.at[i], h.at[j], c);
            }
          }
          out.push_back(sum);
        }
      }
    }
  }
  const DType dtype = node.op == "ResizeNearestNeighbor" ? in[0].dtype : DType::float32;
  return {tensor_of_doubles(out, shape, dtype)};
}

// How much of element i lies in [first, last).
double overlap(double first, double last, int64_t i) {
  return std::min(last, static_cast<double>(i + 1)) - std::max(first, static_cast<double>(i));
}

Tensors resize_area(const NodeDef& node, Tensors& in) {
  const Images x = images_of(in[0]);
  const Shape shape = resized_shape(in[0], in[1]);
  const Sampling sampling{node.flag("align_corners"), false};
  const double sy = static_cast<double>(sampling.scale(x.height, shape[1]));
  const double sx = static_cast<double>(sampling.scale(x.width, shape[2]));
  std::vector<double> out;
  for (int64_t b = 0; b < x.batch; ++b) {
    for (int64_t oy = 0; oy < shape[1]; ++oy) {
      const double y0 = static_cast<double>(oy) * sy, y1 = y0 + sy;
      for (int64_t ox = 0; ox < shape[2]; ++ox) {
        const double x0 = static_cast<double>(ox) * sx, x1 = x0 + sx;
        for (int64_t c = 0; c < x.channels; ++c) {
          double sum = 0;
          for (auto i = static_cast<int64_t>(std::floor(y0)); i < static_cast<int64_t>(std::ceil(y1)); ++i) {
            for (auto j = static_cast<int64_t>(std::floor(x0)); j < static_cast<int64_t>(std::ceil(x1)); ++j)
              sum += overlap(y0, y1, i) * overlap(x0, x1, j) *
                     x.at(b, inside(i, x.height), inside(j, x.width), c);
          }
          out.push_back(sum / (sy * sx));
        }
      }
    }
  }
  return {tensor_of_doubles(out, shape, DType::float32)};
}

struct Crop {
  double first, scale;
  double place(int64_t o) const { return first + static_cast<double>(o) * scale; }
};

Crop crop_of(double low, double high, int64_t in, int64_t out) {
  const auto last = static_cast<double>(in - 1);
  if (out == 1) return {0.5 * (low + high) * last, 0};
  return {low * last, (high - low) * last / static_cast<double>(out - 1)};
}

double sample(const Images& x, int64_t b, double y, double at, int64_t c, bool nearest) {
  if (nearest) return x.at(b, static_cast<int64_t>(std::round(y)), static_cast<int64_t>(std::round(at)), c);
  const auto y0 = static_cast<int64_t>(std::floor(y)), y1 = static_cast<int64_t>(std::ceil(y));
  const auto x0 = static_cast<int64_t>(std::floor(at)), x1 = static_cast<int64_t>(std::ceil(at));
  const double v = y - static_cast<double>(y0), h = at - static_cast<double>(x0);
  const double top = x.at(b, y0, x0, c) + (x.at(b, y0, x1, c) - x.at(b, y0, x0, c)) * h;
  const double bottom = x.at(b, y1, x0, c) + (x.at(b, y1, x1, c) - x.at(b, y1, x0, c)) * h;
  return top + (bottom - top) * v;
}

Tensors crop_and_resize(const NodeDef& node, Tensors& in) {
  const Images x = images_of(in[0]);
  const std::vector<double> boxes = to_doubles(in[1]);
  const std::vector<int64_t> of = to_ints(in[2]), size = to_ints(in[3]);
  need(size.size() == 2 && size[0] > 0 && size[1] > 0 && boxes.size() == 4 * of.size() && x.height > 0 &&
           x.width > 0,
       "boxes {} do not fit {} images", in[1].shape.to_string(), of.size());
  const bool nearest = node.text("method", "bilinear") == "nearest";
  const double outside = node.number("extrapolation_value");
  std::vector<double> out;
  for (size_t k = 0; k < of.size(); ++k) {
    need(of[k] >= 0 && of[k] < x.batch, "image {} of {} is named", of[k], x.batch);
    const Crop v = crop_of(boxes[4 * k], boxes[4 * k + 2], x.height, size[0]);
    const Crop h = crop_of(boxes[4 * k + 1], boxes[4 * k + 3], x.width, size[1]);
    for (int64_t oy = 0; oy < size[0]; ++oy) {
      for (int64_t ox = 0; ox < size[1]; ++ox) {
        const double y = v.place(oy), at = h.place(ox);
        const bool hit = y >= 0 && y <= static_cast<double>(x.height - 1) && at >= 0 &&
                         at <= static_cast<double>(x.width - 1);
        for (int64_t c = 0; c < x.channels; ++c)
          out.push_back(hit ? sample(x, of[k], y, at, c, nearest) : outside);
      }
    }
  }
  return {tensor_of_doubles(out, {static_cast<int64_t>(of.size()), size[0], size[1], x.channels},
                            DType::float32)};
}

Tensors adjust_contrast(const NodeDef&, Tensors& in) {
  const Tensor& x = in[0];
  const int rank = x.shape.rank();
  need(rank >= 3, "the image has shape {}", x.shape.to_string());
  const double factor = one_double(in[1], "contrast_factor");
  std::vector<double> values = to_doubles(x);
  const int64_t channels = x.shape.back(), pixels = x.shape[rank - 2] * x.shape[rank - 3];
  for (int64_t image = 0; image < x.shape.elements(0, rank - 3); ++image) {
    for (int64_t c = 0; c < channels; ++c) {
      double mean = 0;
      double* first = values.data() + image * pixels * channels + c;
      for (int64_t i = 0; i < pixels; ++i) mean += first[i * channels] / static_cast<double>(pixels);
      for (int64_t i = 0; i < pixels; ++i) first[i * channels] = (first[i * channels] - mean) * factor + mean;
    }
  }
  return {tensor_of_doubles(values, x.shape, x.dtype)};
}

struct Colour {
  double a, b, c;
};

Colour hsv_of(const Colour& rgb) {
  const double high = std::max({rgb.a, rgb.b, rgb.c}), range = high - std::min({rgb.a, rgb.b, rgb.c});
  Colour hsv{0, high > 0 ? range / high : 0, high};
  if (range <= 0) return hsv;
  if (rgb.a == high) {
    hsv.a = (rgb.b - rgb.c) / range / 6;
  } else if (rgb.b == high) {
    hsv.a = (rgb.c - rgb.a) / range / 6 + 2.0 / 6;
  } else {
    hsv.a = (rgb.a - rgb.b) / range / 6 + 4.0 / 6;
  }
  if (hsv.a < 0) hsv.a += 1;
  return hsv;
}

Colour rgb_of(const Colour& hsv) {
  const auto part = [&](double offset, double sign) {
    const double distance = std::abs(hsv.a * 6 - offset);
    return std::clamp(sign > 0 ? distance - 1 : 2 - distance, 0.0, 1.0);
  };
  const auto mixed = [&](double share) { return (1 - hsv.b + hsv.b * share) * hsv.c; };
  return {mixed(part(3, 1)), mixed(part(2, -1)), mixed(part(4, -1))};
}

// The lowest and the highest of the three colours stay, also where they are negative.
Tensors adjust_hue(const NodeDef&, Tensors& in) {
  const Tensor& x = in[0];
  need(x.shape.rank() > 0 && x.shape.back() == 3, "{} has no three colours", x.shape.to_string());
  const double amount = one_double(in[1], "the change");
  std::vector<double> values = to_doubles(x);
  for (size_t i = 0; i < values.size(); i += 3) {
    const Colour colour{values[i], values[i + 1], values[i + 2]};
    const double low = std::min({colour.a, colour.b, colour.c}),
                 range = std::max({colour.a, colour.b, colour.c}) - low;
    const double hue = hsv_of(colour).a + amount;
    const Colour shares = rgb_of({hue - std::floor(hue), 1, 1});
    values[i] = low + range * shares.a;
    values[i + 1] = low + range * shares.b;
    values[i + 2] = low + range * shares.c;
  }
  return {tensor_of_doubles(values, x.shape, x.dtype)};
}

Tensors colours(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  need(x.shape.rank() > 0 && x.shape.back() == 3, "{} has no three colours", x.shape.to_string());
  const double amount = in.size() > 1 ? one_double(in[1], "the change") : 0;
  std::vector<double> values = to_doubles(x);
  for (size_t i = 0; i < values.size(); i += 3) {
    Colour colour{values[i], values[i + 1], values[i + 2]};
    if (node.op != "HSVToRGB") colour = hsv_of(colour);
    if (node.op == "AdjustSaturation") colour.b = std::clamp(colour.b * amount, 0.0, 1.0);
    if (node.op != "RGBToHSV") colour = rgb_of(colour);
    values[i] = colour.a;
    values[i + 1] = colour.b;
    values[i + 2] = colour.c;
  }
  return {tensor_of_doubles(values, x.shape, x.dtype)};
}

// A window along one axis: result size, and where it starts.
struct Slide {
  int64_t out, low, step, rate, size;
  int64_t at(int64_t o, int64_t k) const { return o * step - low + k * rate; }
};

// `size`: of the window; 0: the attribute "ksize" or "ksizes" holds it.
Slide slide_of(const NodeDef& node, int axis, int64_t in, int64_t size = 0) {
  const auto entry = [&](const char* attr) {
    const Ints all = node.ints(attr);
    if (all.empty()) return int64_t{1};
    need(all.size() == 4 && all[static_cast<size_t>(axis)] > 0, "{} has {} entries", attr, all.size());
    return all[static_cast<size_t>(axis)];
  };
  if (size == 0) size = entry(node.has("ksize") ? "ksize" : "ksizes");
  Slide slide{0, 0, entry("strides"), entry("rates"), size};
  const int64_t extent = (slide.size - 1) * slide.rate + 1;
  if (node.text("padding", "VALID") == "SAME") {
    slide.out = (in + slide.step - 1) / slide.step;
    slide.low = std::max<int64_t>((slide.out - 1) * slide.step + extent - in, 0) / 2;
  } else {
    slide.out = in < extent ? 0 : (in - extent) / slide.step + 1;
  }
  return slide;
}

Tensors patches(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  need_rank(x, 4, "the image");
  const Slide v = slide_of(node, 1, x.shape[1]), h = slide_of(node, 2, x.shape[2]);
  std::vector<int64_t> pixels;
  for (int64_t b = 0; b < x.shape[0]; ++b) {
    for (int64_t o = 0; o < v.out * h.out; ++o) {
      for (int64_t k = 0; k < v.size * h.size; ++k) {
        const int64_t y = v.at(o / h.out, k / h.size), at = h.at(o % h.out, k % h.size);
        const bool hit = y >= 0 && y < x.shape[1] && at >= 0 && at < x.shape[2];
        pixels.push_back(hit ? (b * x.shape[1] + y) * x.shape[2] + at : -1);
      }
    }
  }
  return {pick(x, pixels, {x.shape[0], v.out, h.out, v.size * h.size * x.shape[3]}, x.shape[3])};
}

Tensors max_pool_with_argmax(const NodeDef& node, Tensors& in) {
  const Images x = images_of(in[0]);
  const Slide v = slide_of(node, 1, x.height), h = slide_of(node, 2, x.width);
  const bool with_batch = node.flag("include_batch_in_index");
  std::vector<int64_t> elements_at, places;
  for (int64_t b = 0; b < x.batch; ++b) {
    for (int64_t o = 0; o < v.out * h.out; ++o) {
      for (int64_t c = 0; c < x.channels; ++c) {
        int64_t best = -1;
        for (int64_t k = 0; k < v.size * h.size; ++k) {
          const int64_t y = v.at(o / h.out, k / h.size), at = h.at(o % h.out, k % h.size);
          if (y < 0 || y >= x.height || at < 0 || at >= x.width) continue;
          const int64_t place = ((b * x.height + y) * x.width + at) * x.channels + c;
          if (best < 0 || x.pixels[static_cast<size_t>(place)] > x.pixels[static_cast<size_t>(best)])
            best = place;
        }
        elements_at.push_back(best);
        places.push_back(with_batch ? best : best - b * x.height * x.width * x.channels);
      }
    }
  }
  const Shape shape{x.batch, v.out, h.out, x.channels};
  return {pick(in[0], elements_at, shape),
          tensor_of_ints(places, shape, node.dtype("Targmax", DType::int64))};
}

// The largest sum of a pixel and the filter's value above it.
Tensors dilation(const NodeDef& node, Tensors& in) {
  const Images x = images_of(in[0]);
  need_rank(in[1], 3, "the filter");
  need(in[1].shape[2] == x.channels && in[1].shape[0] > 0 && in[1].shape[1] > 0,
       "filter {} does not fit images {}", in[1].shape.to_string(), in[0].shape.to_string());
  const std::vector<double> filter = to_doubles(in[1]);
  const Slide v = slide_of(node, 1, x.height, in[1].shape[0]), h = slide_of(node, 2, x.width, in[1].shape[1]);
  const Shape shape{x.batch, v.out, h.out, x.channels};
  std::vector<double> out(static_cast<size_t>(shape.elements()), std::numeric_limits<float>::lowest());
  for (size_t i = 0; i < out.size(); ++i) {
    const auto at = static_cast<int64_t>(i), c = at % x.channels, o = at / x.channels % (v.out * h.out);
    for (int64_t k = 0; k < v.size * h.size; ++k) {
      const int64_t row = v.at(o / h.out, k / h.size), column = h.at(o % h.out, k % h.size);
      if (row < 0 || row >= x.height || column < 0 || column >= x.width) continue;
      out[i] = std::max(out[i], x.at(at / x.channels / (v.out * h.out), row, column, c) +
                                    filter[static_cast<size_t>(k * x.channels + c)]);
    }
  }
  return {tensor_of_doubles(out, shape, in[0].dtype)};
}

Tensors local_response(const NodeDef& node, Tensors& in) {
  const Images x = images_of(in[0]);
  const int64_t radius = node.integer("depth_radius", 5);
  const double bias = node.number("bias", 1), alpha = node.number("alpha", 1),
               beta = node.number("beta", 0.5);
  std::vector<double> out;
  for (size_t i = 0; i < x.pixels.size(); ++i) {
    const auto c = static_cast<int64_t>(i) % x.channels;
    const double* first = x.pixels.data() + (static_cast<int64_t>(i) - c);
    double sum = 0;
    for (int64_t k = std::max<int64_t>(c - radius, 0); k <= std::min(c + radius, x.channels - 1); ++k)
      sum += first[k] * first[k];
    out.push_back(x.pixels[i] / std::pow(bias + alpha * sum, beta));
  }
  return {tensor_of_doubles(out, in[0].shape, in[0].dtype)};
}

constexpr ComputeRow kRows[] = {{"ResizeBilinear", 2, resize, "", false},
                                {"ResizeNearestNeighbor", 2, resize, "", false},
                                {"ResizeBicubic", 2, resize, "", false},
                                {"ResizeArea", 2, resize_area, "", false},
                                {"CropAndResize", 4, crop_and_resize, "", false},
                                {"AdjustContrastv2", 2, adjust_contrast},
                                {"AdjustHue", 2, adjust_hue},
                                {"AdjustSaturation", 2, colours},
                                {"RGBToHSV", 1, colours},
                                {"HSVToRGB", 1, colours},
                                {"ExtractImagePatches", 1, patches, "", false},
                                {"MaxPoolWithArgmax", 1, max_pool_with_argmax, "output argmax", false},
                                {"Dilation2D", 2, dilation},
                                {"LRN", 1, local_response}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  return output_of(kRows, node, output);
}

constexpr TfOpDef kComputed = {.names = kNames, .output_offset = output_offset, .compute = compute};

std::vector<Value> lower(NodeCall& call) {
  const std::string_view op = call.def.op;
  const bool plain = (op == "ResizeBilinear" || op == "ResizeNearestNeighbor") &&
                     !call.def.flag("align_corners") && (call.dtype(0) == DType::float32) &&
                     call.rank(0) == 4;
  if (plain && call.in.size() == 2 && call.g.known(call.in[1]) != nullptr) {
    return {call.g.op("resize", {call.in[0]},
                      {{"size", call.ints(1)},
                       {"method", std::string(op == "ResizeBilinear" ? "bilinear" : "nearest")},
                       {"half_pixel", call.def.flag("half_pixel_centers")}})};
  }
  return add_late(call.g, call.def, &kComputed, nullptr, call.in, op == "MaxPoolWithArgmax" ? 2 : 1);
}

}  // namespace

CORNU_TF_OP(image) = {.names = kNames, .output_offset = output_offset, .lower = lower};

}  // namespace cornu::tensorflow
