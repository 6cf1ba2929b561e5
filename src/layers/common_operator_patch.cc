// Transposed convolutions, patches and their sums, counts of elements, uneven splits. See operators.h.
// Source: keras/src/ops/nn.py and numpy.py with their TensorFlow backend, 3.15; tf.nn.conv2d_transpose and
// tf.math.bincount of TensorFlow 2.21
#include <algorithm>

#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;
constexpr int64_t kUnknown = Shape::kUnknown;

// Channels last, and back.
Value last(GraphBuilder& g, Value x, bool first) {
  Ints order{0};
  for (int axis = 2; axis < g.rank(x); ++axis) order.push_back(axis);
  order.push_back(1);
  return first ? g.transpose(x, order) : x;
}
Value back(GraphBuilder& g, Value y, bool first) {
  Ints order{0, g.rank(y) - 1};
  for (int axis = 1; axis < g.rank(y) - 1; ++axis) order.push_back(axis);
  return first ? g.transpose(y, order) : y;
}

// One number for all spatial axes, one for each, or TensorFlow's list with batch and channels.
Ints spatial(OperatorCall& c, std::string_view parameter, size_t count, int64_t fallback, int64_t low,
             bool first) {
  Ints given = c.ints(parameter, Ints{fallback});
  if (given.size() == count + 2)
    given = first ? Ints(given.begin() + 2, given.end()) : Ints(given.begin() + 1, given.end() - 1);
  if (given.size() == 1) given.assign(count, given[0]);
  const bool bad =
      std::any_of(given.begin(), given.end(), [&](int64_t v) { return v < low || v > INT32_MAX; });
  if (given.size() != count || bad)
    c.fail_argument(parameter, fmt::format("{} integers of at least {}", count, low));
  return given;
}

// What comes on top of the size that the kernel and the strides make, where TensorFlow names the whole output shape.
Ints padding_to(OperatorCall& c, const Shape& in, const Shape& kernel, const Ints& strides,
                const Ints& dilations, bool same, bool first) {
  const std::vector<OperatorCall::Size> sizes = c.sizes("output_shape");
  const size_t count = strides.size();
  if (sizes.size() != count + 2 && sizes.size() != count)
    c.fail_argument("output_shape", "the sizes of the output");
  const size_t begin = sizes.size() == count ? 0 : first ? 2 : 1;
  Ints padding;
  for (size_t i = 0; i < count; ++i) {
    const int64_t size = in[static_cast<int>(i) + 1];
    const int64_t wanted = sizes[begin + i].size;
    const int64_t extent = (kernel[static_cast<int>(i)] - 1) * dilations[i] + 1;
    const int64_t rest = wanted - (size - 1) * strides[i] - (same ? extent % 2 : extent);
    if (size < 1 || wanted < 1 || rest < 0)
      c.fail_argument("output_shape", "sizes that are known and fit the input");
    padding.push_back(rest);
  }
  return padding;
}

Values conv_transpose(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const std::string format = c.text("data_format", "channels_last");
  const bool first = format == "channels_first" || format.starts_with("NC");
  const Value given = c.tensor("x");
  const Value x = last(g, g.cast(given, float_type(g.dtype(given))), first);
  const Value kernel = c.tensor_beside("kernel", x);
  const auto count = static_cast<size_t>(std::max(g.rank(x) - 2, 0));
  if (count < 1 || count > 3 || g.rank(kernel) != g.rank(x) || !g.shape(kernel).is_known() ||
      g.shape(kernel).back() != g.shape(x).back())
    c.fail_argument("kernel", "a kernel whose last axis is that of the input");
  std::string padding = c.text("padding", c.keras3 ? "valid" : "SAME");
  for (char& letter : padding) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  if (padding != "same" && padding != "valid") c.fail_argument("padding", "same or valid");
  const Ints strides = spatial(c, "strides", count, 1, 1, first);
  const Ints dilations = spatial(c, "dilations", count, 1, 1, first);
  Attrs attrs{{"strides", strides}, {"dilations", dilations}, {"auto_pad", padding}};
  if (c.has("output_shape"))
    attrs.set("output_padding",
              padding_to(c, g.shape(x), g.shape(kernel), strides, dilations, padding == "same", first));
  if (c.has("output_padding")) attrs.set("output_padding", spatial(c, "output_padding", count, 0, 0, first));
  return {back(g, g.op("conv_transpose", {x, kernel}, std::move(attrs)), first)};
}

// Sliding windows over the last two axes.
struct Windows {
  Ints size, dilation, padding, stride;

  explicit Windows(OperatorCall& c)
      : size(spatial(c, "kernel_size", 2, 1, 1, false)),
        dilation(spatial(c, "dilation", 2, 1, 1, false)),
        padding(spatial(c, "padding", 2, 0, 0, false)),
        stride(spatial(c, "stride", 2, 1, 1, false)) {
    if (size[0] > 64 || size[1] > 64) c.fail_argument("kernel_size", "at most 64 by 64");
  }
  int64_t extent(size_t i) const { return (size[i] - 1) * dilation[i] + 1; }
  // How many windows fit.
  int64_t places(size_t i, int64_t whole) const {
    const int64_t room = whole + 2 * padding[i] - extent(i);
    return room < 0 ? 0 : room / stride[i] + 1;
  }
};

// (N, C, H, W) -> (N, C kH kW, windows).
Values unfold(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  const Windows windows(c);
  const Shape shape = g.shape(x);
  if (shape.rank() != 4 || shape[1] < 1 || shape[2] < 1 || shape[3] < 1)
    c.fail_argument("x", "images (batch, channels, height, width) of known size");
  const int64_t rows = windows.places(0, shape[2]);
  const int64_t columns = windows.places(1, shape[3]);
  if (rows < 1 || columns < 1) c.fail_argument("kernel_size", "at most the size of the images");
  x = g.op("pad", {x},
           {{"padding", Ints{0, 0, 0, 0, windows.padding[0], windows.padding[0], windows.padding[1],
                             windows.padding[1]}},
            {"mode", std::string("constant")}});
  Values parts;
  for (int64_t i = 0; i < windows.size[0]; ++i) {
    for (int64_t j = 0; j < windows.size[1]; ++j) {
      const Ints begin{0, 0, i * windows.dilation[0], j * windows.dilation[1]};
      const Ints end{0, 0, begin[2] + (rows - 1) * windows.stride[0] + 1,
                     begin[3] + (columns - 1) * windows.stride[1] + 1};
      const Value part = g.op("strided_slice", {x},
                              {{"begin", begin},
                               {"end", end},
                               {"strides", Ints{1, 1, windows.stride[0], windows.stride[1]}},
                               {"begin_absent", Ints{1, 1, 0, 0}},
                               {"end_absent", Ints{1, 1, 0, 0}},
                               {"new_axis", Ints{0, 0, 0, 0}},
                               {"drop_axis", Ints{0, 0, 0, 0}}});
      parts.push_back(g.op("expand_dims", {part}, {{"axes", Ints{2}}}));
    }
  }
  const int64_t count = windows.size[0] * windows.size[1];
  const Value all = parts.size() == 1 ? parts[0] : g.op("concat", parts, {{"axis", int64_t{2}}});
  return {g.reshape(all, {0, shape[1] * count, rows * columns})};
}

// The sum of what unfold takes apart: a transposed convolution with a one for each place of a window.
Values fold(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const Windows windows(c);
  const Ints whole = spatial(c, "output_size", 2, 0, 1, false);
  const Shape shape = g.shape(x);
  const int64_t count = windows.size[0] * windows.size[1];
  const int64_t rows = windows.places(0, whole[0]);
  const int64_t columns = windows.places(1, whole[1]);
  if (shape.rank() != 3 || shape[1] < 1 || shape[1] % count != 0 || rows * columns != shape[2] ||
      shape[1] > 2048)
    c.fail_argument("x", "windows (batch, channels x places, windows) of the output's size");
  const int64_t channels = shape[1] / count;
  std::vector<float> ones(static_cast<size_t>(count * channels * shape[1]));
  for (int64_t place = 0; place < count; ++place) {
    for (int64_t f = 0; f < channels; ++f)
      ones[static_cast<size_t>((place * channels + f) * shape[1] + f * count + place)] = 1;
  }
  const Value kernel = g.constant(cast_tensor(
      tensor_of(std::move(ones), {windows.size[0], windows.size[1], channels, shape[1]}), g.dtype(x)));
  const Value grid = g.transpose(g.reshape(x, {0, shape[1], rows, columns}), {0, 2, 3, 1});
  Ints extra;
  for (size_t i = 0; i < 2; ++i)
    extra.push_back(whole[i] + 2 * windows.padding[i] -
                    (i == 0 ? rows - 1 : columns - 1) * windows.stride[i] - windows.extent(i));
  Value y = g.op("conv_transpose", {grid, kernel},
                 {{"strides", windows.stride},
                  {"dilations", windows.dilation},
                  {"auto_pad", std::string("valid")},
                  {"output_padding", extra}});
  for (size_t i = 0; i < 2; ++i)
    y = g.op("slice_axis", {y},
             {{"axis", static_cast<int64_t>(i) + 1}, {"begin", windows.padding[i]}, {"size", whole[i]}});
  return {g.transpose(y, {0, 3, 1, 2})};
}

// How often each number occurs along the last axis: as many as the largest number says, but at least `minlength`.
Values bincount(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value given = c.tensor("x");
  if (g.rank(given) < 1 || g.rank(given) > 2) c.fail_argument("x", "one or several rows of integers");
  const Value x = g.dtype(given) == DType::int64 ? given : g.cast(given, DType::int32);
  const Value largest = g.op("reduce_max", {x}, {{"keepdims", false}});
  Value size = g.op("add", {largest, g.scalar_like(1, largest)});
  size = g.op("maximum", {size, g.scalar_like(static_cast<double>(c.integer("minlength", 0)), size)});
  if (c.has("maxlength"))
    size = g.op("minimum", {size, g.scalar_like(static_cast<double>(c.integer("maxlength")), size)});
  Value weights = g.constant(tensor_of_ints(Ints{}, {0}, c.dtype("dtype", DType::int32)));
  if (c.has("weights")) weights = c.tensor("weights");
  Shape shape = g.shape(x);
  shape[shape.rank() - 1] = kUnknown;
  return {tensorflow_value(g, "DenseBincount", {x, size, weights}, {g.dtype(weights), shape})};
}

// Parts of nearly equal size: the first ones have one element more.
Values array_split(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const int64_t axis = c.axis("axis", 0, g.rank(x));
  const int64_t size = g.shape(x)[static_cast<int>(axis)];
  const int64_t count = c.integer("sections");
  if (size < 0) c.fail_argument("axis", "an axis of known size");
  if (count < 1 || count > 65536) c.fail_argument("sections", "an integer from 1 to 65536");
  Values parts;
  int64_t begin = 0;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t part = size / count + (i < size % count ? 1 : 0);
    parts.push_back(g.op("slice_axis", {x}, {{"axis", axis}, {"begin", begin}, {"size", part}}));
    begin += part;
  }
  return parts;
}

constexpr std::string_view kWindows = "x|input kernel_size dilation padding stride";

constexpr Operator kOperators[] = {
    {"conv_transpose",
     "x|inputs|input kernel|filters strides padding output_padding data_format dilations|dilation_rate "
     "output_shape",
     conv_transpose, ""},
    {"conv1d_transpose conv2d_transpose conv3d_transpose",
     "x|input|value kernel|filters|filter output_shape strides padding data_format dilations", conv_transpose,
     ""},
    {"unfold", kWindows, unfold, ""},
    {"fold", "x output_size kernel_size dilation padding stride", fold, ""},
    {"bincount", "x|arr weights minlength maxlength dtype sparse name axis binary_output", bincount, ""},
    {"array_split", "x sections|indices_or_sections axis", array_split, ""},
};

}  // namespace

std::span<const Operator> patch_operators() {
  return kOperators;
}

}  // namespace cornu::layers
