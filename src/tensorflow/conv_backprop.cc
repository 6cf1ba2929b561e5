// Conv2DBackpropInput, Conv3DBackpropInputV2 (the transposed convolution), DepthwiseConv2dNativeBackpropInput, and the
// gradients of kernels.
// The usual ones become conv_transpose; explicit paddings and sizes that it has no words for are computed here.
// Source  tensorflow/core/kernels/conv_grad_shape_utils.cc, 2.21
#include <algorithm>
#include <optional>

#include "tensorflow/compute.h"
#include "tensorflow/late.h"
#include "tensorflow/spatial.h"

namespace cornu::tensorflow {
namespace {

// One spatial axis of the convolution from `in` to `out` elements.
struct Axis {
  int64_t in = 1, out = 1, kernel = 1, stride = 1, dilation = 1, low = 0;
  int64_t source(int64_t o, int64_t k) const { return o * stride - low + k * dilation; }
};

struct Sizes {
  int64_t batch = 0, channels = 0, filters = 0, groups = 1;
  Axis axes[3];
  bool depthwise = false;
};

bool is_first(const NodeDef& node) {
  return node.text("data_format", "NHWC").starts_with("NC");
}

// A tensor of the node's format with channels last, or back.
Tensor permuted(const Tensor& x, bool to_last) {
  const int rank = x.shape.rank();
  std::vector<int> order{0};
  for (int axis = 1; axis < rank - 1; ++axis) order.push_back(to_last ? axis + 1 : axis);
  if (to_last) {
    order.push_back(1);
  } else {
    order.insert(order.begin() + 1, rank - 1);
  }
  Shape shape;
  for (int axis : order) shape.push_back(x.shape[axis]);
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < x.shape.elements(); ++i) {
    int64_t rest = i, at = 0;
    for (int axis = rank - 1; axis >= 0; --axis) {
      at += rest % shape[axis] * x.shape.elements(order[static_cast<size_t>(axis)] + 1, rank);
      rest /= shape[axis];
    }
    numbers.push_back(at);
  }
  return pick(x, numbers, shape);
}

int64_t low_padding(const NodeDef& node, const Axis& axis, size_t number, bool first) {
  const std::string padding = node.text("padding", "VALID");
  if (padding == "EXPLICIT") {
    const Ints all = node.ints("explicit_paddings");
    const size_t at = 2 * (number + (first ? 2 : 1));
    need(all.size() > at, "explicit_paddings has {} entries", all.size());
    return all[at];
  }
  if (padding != "SAME") return 0;
  return std::max<int64_t>((axis.out - 1) * axis.stride + (axis.kernel - 1) * axis.dilation + 1 - axis.in,
                           0) /
         2;
}

// `x`: sizes of the convolution's input, `dy`: of its output; both with channels last.
Sizes sizes_of(const NodeDef& node, const Shape& x, const Shape& w, const Shape& dy) {
  const int n = dy.rank() - 2;
  need(n >= 1 && n <= 3 && x.rank() == n + 2 && w.rank() == n + 2,
       "kernel {}, input {} and output {} do not fit", w.to_string(), x.to_string(), dy.to_string());
  const bool first = is_first(node);
  Sizes sizes;
  sizes.batch = dy[0];
  sizes.channels = x.back();
  sizes.filters = dy.back();
  sizes.depthwise = node.op.starts_with("Depthwise");
  const int64_t in = w[n];
  need(in > 0 && sizes.channels % in == 0 && x[0] == dy[0], "kernel {} does not fit input {}", w.to_string(),
       x.to_string());
  sizes.groups = sizes.depthwise ? sizes.channels : sizes.channels / in;
  need(sizes.filters == (sizes.depthwise ? in * w[n + 1] : w[n + 1]) && sizes.filters % sizes.groups == 0,
       "kernel {} does not fit output {}", w.to_string(), dy.to_string());
  const Ints strides = node.ints("strides"), dilations = node.ints("dilations");
  for (int i = 0; i < n; ++i) {
    Axis& axis = sizes.axes[3 - n + i];
    const size_t entry = static_cast<size_t>(i + (first ? 2 : 1));
    need(strides.size() > entry && strides[entry] > 0, "strides has {} entries", strides.size());
    axis = {x[i + 1], dy[i + 1], w[i], strides[entry], dilations.size() > entry ? dilations[entry] : 1, 0};
    axis.low = low_padding(node, axis, static_cast<size_t>(i), first);
  }
  return sizes;
}

// fn(pixel of x, tap, pixel of dy) for all that meet.
template <class Fn>
void for_each_meeting(const Sizes& n, Fn fn) {
  const auto& [d, h, w] = n.axes;
  const int64_t taps = d.kernel * h.kernel * w.kernel, outs = d.out * h.out * w.out;
  for (int64_t o = 0; o < n.batch * outs; ++o) {
    for (int64_t tap = 0; tap < taps; ++tap) {
      const int64_t z = d.source(o / (h.out * w.out) % d.out, tap / (h.kernel * w.kernel));
      const int64_t y = h.source(o / w.out % h.out, tap / w.kernel % h.kernel);
      const int64_t x = w.source(o % w.out, tap % w.kernel);
      if (z < 0 || z >= d.in || y < 0 || y >= h.in || x < 0 || x >= w.in) continue;
      fn(((o / outs * d.in + z) * h.in + y) * w.in + x, tap, o);
    }
  }
}

// fn(channel of x, place in the tap's kernel, filter).
template <class Fn>
void for_each_weight(const Sizes& n, Fn fn) {
  const int64_t per_group = n.channels / n.groups, filters = n.filters / n.groups;
  for (int64_t f = 0; f < n.filters; ++f) {
    for (int64_t c = 0; c < per_group; ++c)
      fn(f / filters * per_group + c, n.depthwise ? f : c * n.filters + f, f);
  }
}

Tensors of_input(const NodeDef& node, Tensors& in) {
  const bool first = is_first(node);
  const Ints given = to_ints(in[0]);
  Shape x{in[2].shape.rank() > 0 ? in[2].shape[0] : 0};
  const int n = in[2].shape.rank() - 2;
  need(static_cast<int>(given.size()) == n + 2 || static_cast<int>(given.size()) == n,
       "input_sizes has {} entries", given.size());
  const bool spatial_only = static_cast<int>(given.size()) == n;
  for (int i = 0; i < n; ++i) x.push_back(given[static_cast<size_t>(i + (spatial_only ? 0 : first ? 2 : 1))]);
  x.push_back(spatial_only ? in[1].shape[n] : given[static_cast<size_t>(first ? 1 : n + 1)]);
  for (int64_t size : x) need(size >= 0, "input_sizes holds {}", size);
  const Tensor dy = first ? permuted(in[2], true) : in[2];
  const Sizes sizes = sizes_of(node, x, in[1].shape, dy.shape);
  const std::vector<double> w = to_doubles(in[1]), gradient = to_doubles(dy);
  std::vector<double> out(static_cast<size_t>(x.elements()), 0);
  const int64_t tap_size = in[1].shape[n] * in[1].shape[n + 1];
  for_each_meeting(sizes, [&](int64_t pixel, int64_t tap, int64_t o) {
    for_each_weight(sizes, [&](int64_t c, int64_t place, int64_t f) {
      out[static_cast<size_t>(pixel * sizes.channels + c)] +=
          w[static_cast<size_t>(tap * tap_size + place)] *
          gradient[static_cast<size_t>(o * sizes.filters + f)];
    });
  });
  const Tensor result = tensor_of_doubles(out, x, in[1].dtype);
  return {first ? permuted(result, false) : result};
}

Tensors of_kernel(const NodeDef& node, Tensors& in) {
  const bool first = is_first(node);
  const Ints given = to_ints(in[1]);
  for (int64_t size : given) need(size >= 0, "filter_sizes holds {}", size);
  const Shape w(given);
  const Tensor x = first ? permuted(in[0], true) : in[0];
  const Tensor dy = first ? permuted(in[2], true) : in[2];
  const Sizes sizes = sizes_of(node, x.shape, w, dy.shape);
  const std::vector<double> input = to_doubles(x), gradient = to_doubles(dy);
  std::vector<double> out(static_cast<size_t>(w.elements()), 0);
  const int64_t tap_size = w[w.rank() - 2] * w[w.rank() - 1];
  for_each_meeting(sizes, [&](int64_t pixel, int64_t tap, int64_t o) {
    for_each_weight(sizes, [&](int64_t c, int64_t place, int64_t f) {
      out[static_cast<size_t>(tap * tap_size + place)] +=
          input[static_cast<size_t>(pixel * sizes.channels + c)] *
          gradient[static_cast<size_t>(o * sizes.filters + f)];
    });
  });
  return {tensor_of_doubles(out, w, in[0].dtype)};
}

constexpr ComputeRow kRows[] = {{"Conv2DBackpropInput", 3, of_input},
                                {"Conv3DBackpropInputV2", 3, of_input},
                                {"DepthwiseConv2dNativeBackpropInput", 3, of_input},
                                {"Conv2DBackpropFilter", 3, of_kernel},
                                {"Conv3DBackpropFilterV2", 3, of_kernel},
                                {"DepthwiseConv2dNativeBackpropFilter", 3, of_kernel}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

constexpr TfOpDef kComputed = {.names = kNames, .compute = compute};

// The entries of a list of the node's format that stand for spatial axes; ones if it is absent.
Ints spatial_entries(NodeCall& call, const char* attr) {
  const Ints all = call.def.ints(attr);
  const auto count = static_cast<size_t>(std::max(call.rank(2) - 2, 1));
  if (all.empty()) return Ints(count, 1);
  if (all.size() != count + 2)
    call.fail(ErrorCode::bad_file, "{} has {} entries, {} are needed", attr, all.size(), count + 2);
  const auto first = all.begin() + (is_first(call.def) ? 2 : 1);
  return {first, first + static_cast<ptrdiff_t>(count)};
}

// What conv_transpose must add at the end of each axis; nothing if it has no words for the sizes.
std::optional<Ints> output_padding(NodeCall& call) {
  const bool first = is_first(call.def);
  const std::string padding = call.def.text("padding", "VALID");
  if (padding == "EXPLICIT" || call.rank(1) != call.rank(2)) return std::nullopt;
  const auto sizes = call.partial_ints(0);
  const int n = call.rank(2) - 2;
  if (static_cast<int>(sizes.values.size()) != n + 2) return std::nullopt;
  const Ints strides = spatial_entries(call, "strides"), dilations = spatial_entries(call, "dilations");
  Ints added;
  for (int i = 0; i < n; ++i) {
    const size_t entry = static_cast<size_t>(i + (first ? 2 : 1));
    const int64_t in = call.shape(2)[static_cast<int>(entry)], kernel = call.shape(1)[i];
    if (!sizes.known[entry]) throw NeedsValue{0};
    if (in == Shape::kUnknown || kernel == Shape::kUnknown) throw NeedsValue{2};
    const size_t axis = static_cast<size_t>(i);
    const int64_t extent = (kernel - 1) * dilations[axis] + 1;
    const int64_t last = padding == "SAME" ? extent % 2 : extent;
    added.push_back(sizes.values[entry] - (in - 1) * strides[axis] - last);
    if (added.back() < 0) return std::nullopt;
  }
  return added;
}

std::vector<Value> lower(NodeCall& call) {
  const std::string_view op = call.def.op;
  const bool transposed = op == "Conv2DBackpropInput" || op == "Conv3DBackpropInputV2";
  if (transposed && call.in.size() == 3 && call.rank(2) > 2) {
    const auto added = output_padding(call);
    const int64_t channels = call.g.shape(call.in[2])[is_first(call.def) ? 1 : call.rank(2) - 1];
    if (added && call.shape(1).back() == channels) {
      Attrs attrs{{"strides", spatial_entries(call, "strides")},
                  {"dilations", spatial_entries(call, "dilations")},
                  {"output_padding", *added}};
      set_padding(call, attrs);
      const Value x = to_channels_last(call, call.in[2]);
      return {from_channels_last(call, call.g.op("conv_transpose", {x, call.in[1]}, std::move(attrs)))};
    }
  }
  return add_late(call.g, call.def, &kComputed, nullptr, call.in, 1);
}

}  // namespace

CORNU_TF_OP(conv_backprop) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
