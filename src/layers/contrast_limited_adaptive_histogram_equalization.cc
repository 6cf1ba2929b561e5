// ContrastLimitedAdaptiveHistogramEqualization: spreads the values of each channel over the whole range, by the histogram of
// the tile that a pixel lies in, between those of the four nearest tiles; counts above a limit go to all values alike.
// Keras   ContrastLimitedAdaptiveHistogramEqualization (3.13 on); acts when predicting, too
// Config  value_range (0, 255), clip_limit 4.0 (up to 0: none), tile_grid_size (8, 8), data_format
// Input   x  images [batch, height, width, channels] or one image, of known size      Output  y  the same
// Errors  bad_config for a range that is no pair of different numbers or a grid without tiles; bad_shape for other images
// Source  keras/src/layers/preprocessing/image_preprocessing/clahe.py, 3.15
#include <algorithm>
#include <cmath>

#include "layers/common_layout.h"

namespace cornu::layers {
namespace {

constexpr int64_t kLevels = 256;

// One axis of the images, cut into tiles.
struct Tiles {
  int64_t size = 0;  // of the axis
  int64_t count = 0;
  int64_t tile = 0;
  std::vector<int64_t> low,
      high;                   // per pixel: the tiles before and after it, of those with one more on each side
  std::vector<float> weight;  // of the one after

  Tiles(int64_t axis_size, int64_t tiles)
      : size(axis_size), count(tiles), tile((axis_size + tiles - 1) / tiles) {
    for (int64_t i = 0; i < size; ++i) {
      const auto step = static_cast<float>(tile);
      const float place = (static_cast<float>(i) - step / 2) / step + 1;
      const float below = std::floor(place);
      weight.push_back(place - below);
      low.push_back(std::clamp<int64_t>(static_cast<int64_t>(below), 0, count + 1));
      high.push_back(std::clamp<int64_t>(static_cast<int64_t>(below) + 1, 0, count + 1));
    }
  }
};

struct Settings {
  double low = 0;
  double high = 255;
  double limit = 4;
  Ints grid{8, 8};
};

Settings settings_of(const LayerConfig& config) {
  Settings s;
  if (config.is_set({"value_range"})) {
    const std::vector<double> range = to_doubles(numbers_of(config, "value_range", DType::float64));
    if (range.size() != 2 || range[0] == range[1])
      config.fail_value("value_range", config.raw({"value_range"}), "two different numbers");
    s.low = range[0];
    s.high = range[1];
  }
  s.limit = config.number({"clip_limit"}, 4.0);
  s.grid = config.spatial({"tile_grid_size"}, 2, 8);
  if (s.grid[0] > 4096 || s.grid[1] > 4096)
    config.fail_value("tile_grid_size", config.raw({"tile_grid_size"}), "at most 4096 tiles an axis");
  return s;
}

Value affine(GraphBuilder& g, Value x, double factor, double shift) {
  return g.op("add", {g.op("mul", {x, g.scalar_like(factor, x)}), g.scalar_like(shift, x)});
}

Value extended(GraphBuilder& g, Value x, int64_t axis, int64_t count) {
  const auto part = [&](int64_t begin) {
    return g.op("slice_axis", {x}, {{"axis", axis}, {"begin", begin}, {"size", int64_t{1}}});
  };
  return g.op("concat", {part(0), x, part(count - 1)}, {{"axis", axis}});
}

// The new value of each level in each tile: (batch, rows + 2, columns + 2, channels, levels), flat but for the batch.
Value curves(GraphBuilder& g, Value levels, const Tiles& rows, const Tiles& columns, int64_t channels,
             double limit) {
  const int64_t pixels = rows.tile * columns.tile;
  Value tiled = g.reshape(levels, {-1, rows.count, rows.tile, columns.count, columns.tile, channels});
  tiled =
      g.reshape(g.transpose(tiled, {0, 1, 3, 5, 2, 4}), {-1, rows.count, columns.count, channels, pixels});
  Value counts = g.op("bincount", {tiled}, {{"depth", kLevels}});
  const Attrs over{{"axes", Ints{-1}}, {"keepdims", true}};
  if (limit > 0) {
    const double most = limit * static_cast<double>(pixels) / static_cast<double>(kLevels);
    const Value kept =
        g.op("clip", {counts}, {{"min", 0.0}, {"max", static_cast<double>(static_cast<float>(most))}});
    const Value excess = g.op("reduce_sum", {g.op("sub", {counts, kept})}, over);
    counts = g.op("add", {kept, affine(g, excess, 1.0 / static_cast<double>(kLevels), 0)});
  }
  const Value sums = g.op("cumsum", {counts}, {{"axis", int64_t{-1}}});
  const Value least = g.op("reduce_min", {sums}, over);
  const Value span = g.op("sub", {g.scalar_like(static_cast<double>(pixels), least), least});
  const Value divisor =
      g.op("select", {g.op("equal", {span, g.scalar_like(0, span)}), g.scalar_like(1, span), span});
  const Value scaled = g.op("div", {affine(g, g.op("sub", {sums, least}), 255, 0), divisor});
  const Value bounded = g.op("clip", {scaled}, {{"min", 0.0}, {"max", 255.0}});
  const Value whole = extended(g, extended(g, bounded, 1, rows.count), 2, columns.count);
  return g.reshape(whole, {-1, (rows.count + 2) * (columns.count + 2) * channels * kLevels});
}

// Each pixel between the curves of the four tiles around it.
Value interpolated(GraphBuilder& g, Value curve, Value levels, const Tiles& rows, const Tiles& columns,
                   int64_t channels) {
  const auto values = [&](const std::vector<int64_t>& row, const std::vector<int64_t>& column) {
    Ints offsets;
    for (int64_t y : row) {
      for (int64_t x : column) {
        for (int64_t c = 0; c < channels; ++c)
          offsets.push_back(((y * (columns.count + 2) + x) * channels + c) * kLevels);
      }
    }
    const Value offset =
        g.constant(tensor_of_ints(offsets, {1, rows.size, columns.size, channels}, DType::int32));
    return g.op("gather", {curve, g.op("add", {levels, offset})},
                {{"axis", int64_t{1}}, {"batch_dims", int64_t{1}}});
  };
  const Value down = g.constant(tensor_of(rows.weight, {1, rows.size, 1, 1}));
  const Value across = g.constant(tensor_of(columns.weight, {1, 1, columns.size, 1}));
  const auto mix = [&](Value a, Value b, Value weight) {
    return g.op("add", {g.op("mul", {a, g.op("sub", {g.scalar(1), weight})}), g.op("mul", {b, weight})});
  };
  const Value top = mix(values(rows.low, columns.low), values(rows.low, columns.high), across);
  const Value bottom = mix(values(rows.high, columns.low), values(rows.high, columns.high), across);
  return mix(top, bottom, down);
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  const Settings s = settings_of(call.config);
  const bool first = call.config.channels_first();
  Value x = g.cast(g.cast(call.in[0], call.compute_dtype), DType::float32);
  const bool one = g.rank(x) == 3;
  if (one) x = g.op("expand_dims", {x}, {{"axes", Ints{0}}});
  if (first && g.rank(x) == 4) x = g.transpose(x, {0, 2, 3, 1});
  const Shape shape = g.shape(x);
  if (shape.rank() != 4 || shape[1] < 1 || shape[2] < 1 || shape[3] < 1 || shape.elements(1, 4) > 1 << 26) {
    call.fail(ErrorCode::bad_shape, "{} takes images of known size, received shape {}", call.layer.class_name,
              g.shape(call.in[0]).to_string());
  }
  const double scale = 255 / (s.high - s.low);
  if (scale != 1 || s.low != 0) x = affine(g, x, scale, -s.low * scale);
  const Tiles rows(shape[1], s.grid[0]);
  const Tiles columns(shape[2], s.grid[1]);
  const Value levels = g.cast(g.op("clip", {x}, {{"min", 0.0}, {"max", 255.0}}), DType::int32);
  const int64_t below = rows.tile * rows.count - rows.size;
  const int64_t beside = columns.tile * columns.count - columns.size;
  const Value padded =
      g.op("pad", {levels},
           {{"padding", Ints{0, 0, 0, below, 0, beside, 0, 0}}, {"mode", std::string("symmetric")}});
  const Value curve = curves(g, padded, rows, columns, shape[3], s.limit);
  Value y = interpolated(g, curve, levels, rows, columns, shape[3]);
  if (scale != 1 || s.low != 0) y = affine(g, y, 1 / scale, s.low);
  if (first) y = g.transpose(y, {0, 3, 1, 2});
  if (one) y = g.op("squeeze", {y}, {{"axes", Ints{0}}});
  const DType given = g.dtype(call.in[0]);  // integers stay what they are
  return {g.cast(y, dtype_is_floating(given) ? call.compute_dtype : given)};
}

}  // namespace

CORNU_LAYER(contrast_limited_adaptive_histogram_equalization) = {
    .keras_names = {"ContrastLimitedAdaptiveHistogramEqualization"}, .lower = lower};

}  // namespace cornu::layers
