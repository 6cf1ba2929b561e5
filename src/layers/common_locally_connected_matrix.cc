// LocallyConnected with implementation 2 or 3: one matrix from all inputs of a row to all of its outputs.
//   2  the kernel is that matrix, (inputs..., outputs...); what no window sees counts as 0
//   3  the kernel holds the elements that windows see, ordered by output and then input
// Inputs and outputs are counted as the layer's data_format lays them out.
// Source  tf_keras/src/layers/locally_connected/locally_connected_utils.py and conv_kernel_idxs of
//         tf_keras/src/utils/conv_utils.py, 2.21
#include <algorithm>

#include "layers/common_conv.h"
#include "layers/common_locally_connected.h"

namespace cornu::layers {
namespace {

constexpr int64_t kMaxElements = int64_t{1} << 26;  // of the matrix: 256 MB

// Inputs [begin, end) of each output position of one axis.
struct Axis {
  int64_t in = 0;
  int64_t out = 0;
  std::vector<int64_t> begin, end;

  Axis(int64_t size, int64_t kernel, int64_t stride, bool same) : in(size) {
    out = same ? (size + stride - 1) / stride : (size - kernel) / stride + 1;
    const int64_t left = kernel / 2;
    for (int64_t i = 0; i < out; ++i) {
      const int64_t centre = i * stride + (same ? 0 : left);
      begin.push_back(std::max<int64_t>(0, centre - left));
      end.push_back(std::min(in, centre + kernel - left));
    }
  }
};

struct Layout {
  std::vector<Axis> axes;
  int64_t channels = 0;
  int64_t filters = 0;
  bool first = false;  // channels before the spatial axes
  int64_t places_in = 1, places_out = 1;

  // Sizes with the channels where they belong.
  Ints sizes(bool out, int64_t last) const {
    Ints dims;
    if (first) dims.push_back(last);
    for (const Axis& axis : axes) dims.push_back(out ? axis.out : axis.in);
    if (!first) dims.push_back(last);
    return dims;
  }
  // Whether the window of an output place sees an input place.
  bool sees(int64_t out, int64_t in) const {
    for (size_t k = axes.size(); k-- > 0;) {
      const Axis& axis = axes[k];
      const auto o = static_cast<size_t>(out % axis.out);
      const int64_t i = in % axis.in;
      if (i < axis.begin[o] || i >= axis.end[o]) return false;
      out /= axis.out;
      in /= axis.in;
    }
    return true;
  }
  // The place of a flat number, without its channel.
  int64_t place(int64_t number, int64_t depth, int64_t places) const {
    return first ? number % places : number / depth;
  }
};

Layout layout_of(LayerCall& call, const ConvSettings& settings, int64_t filters, int64_t channels) {
  Layout layout;
  layout.channels = channels;
  layout.filters = filters;
  layout.first = settings.channels_first;
  const Shape& x = call.g.shape(call.in[0]);
  const bool same = settings.padding == "same";
  int64_t elements = channels * filters;
  for (int i = 0; i < settings.spatial; ++i) {
    const auto k = static_cast<size_t>(i);
    const int64_t size = x[settings.channels_first ? i + 2 : i + 1];
    if (size < 1 || size > kMaxElements || (!same && size < settings.kernel[k]))
      call.fail(ErrorCode::bad_shape, "{} needs an input of known size that its kernel fits in, received {}",
                call.layer.class_name, x.to_string());
    layout.axes.emplace_back(size, settings.kernel[k], settings.strides[k], same);
    layout.places_in *= size;
    layout.places_out *= layout.axes.back().out;
    if (__builtin_mul_overflow(elements, size, &elements) ||
        __builtin_mul_overflow(elements, layout.axes.back().out, &elements) || elements > kMaxElements)
      call.fail(ErrorCode::unsupported,
                "{} with implementation 2 or 3 runs with up to {} connections, received more",
                call.layer.class_name, kMaxElements);
  }
  return layout;
}

// (inputs, outputs)
Value full_matrix(LayerCall& call, const Layout& layout) {
  GraphBuilder& g = call.g;
  Ints shape = layout.sizes(false, layout.channels);
  const Ints out = layout.sizes(true, layout.filters);
  shape.insert(shape.end(), out.begin(), out.end());
  const Value kernel = call.weight("kernel", Shape(std::span<const int64_t>(shape)));
  Ints seen;
  for (int64_t in = 0; in < layout.places_in; ++in) {
    for (int64_t to = 0; to < layout.places_out; ++to) seen.push_back(layout.sees(to, in));
  }
  Ints mask = layout.sizes(false, 1);
  const Ints mask_out = layout.sizes(true, 1);
  mask.insert(mask.end(), mask_out.begin(), mask_out.end());
  const Value flags = g.constant(tensor_of_ints(seen, Shape(std::span<const int64_t>(mask))));
  const Value masked = g.op("mul", {kernel, g.cast(flags, g.dtype(kernel))});
  return g.reshape(masked, {layout.places_in * layout.channels, layout.places_out * layout.filters});
}

// (outputs, inputs)
Value sparse_matrix(LayerCall& call, const Layout& layout) {
  GraphBuilder& g = call.g;
  const int64_t inputs = layout.places_in * layout.channels;
  const int64_t outputs = layout.places_out * layout.filters;
  Ints numbers(static_cast<size_t>(inputs * outputs), 0);  // of the element, counted from 1
  int64_t count = 0;
  for (int64_t to = 0; to < outputs; ++to) {
    const int64_t place = layout.place(to, layout.filters, layout.places_out);
    for (int64_t from = 0; from < inputs; ++from) {
      if (layout.sees(place, layout.place(from, layout.channels, layout.places_in)))
        numbers[static_cast<size_t>(to * inputs + from)] = ++count;
    }
  }
  const Value kernel = call.weight("kernel", {count});
  const Value all = g.op("pad", {kernel}, {{"padding", Ints{1, 0}}, {"mode", std::string("constant")}});
  return g.op("gather", {all, g.constant(tensor_of_ints(numbers, {outputs, inputs}, DType::int32))},
              {{"axis", int64_t{0}}});
}

}  // namespace

Value locally_connected_by_matrix(LayerCall& call, const ConvSettings& settings, int64_t filters,
                                  int64_t channels, int64_t implementation, Ints& positions) {
  GraphBuilder& g = call.g;
  const Layout layout = layout_of(call, settings, filters, channels);
  const Value x = g.reshape(call.in[0], {-1, layout.places_in * channels});
  const Value y = implementation == 2
                      ? g.op("matmul", {x, full_matrix(call, layout)})
                      : g.op("matmul", {x, sparse_matrix(call, layout)}, {{"transpose_b", true}});
  for (const Axis& axis : layout.axes) positions.push_back(axis.out);
  Ints shape = layout.sizes(true, filters);
  shape.insert(shape.begin(), -1);
  return g.reshape(y, shape);
}

}  // namespace cornu::layers
