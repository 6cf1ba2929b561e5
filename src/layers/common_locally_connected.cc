// See common_locally_connected.h. Source: tf_keras/src/layers/locally_connected/locally_connected2d.py and
// backend.local_conv, 2.21; keras/layers/local.py, 1.2
#include "layers/common_locally_connected.h"

namespace cornu::layers {
namespace {

// One slice of x per element of the window; larger windows than 64 x 64 are in no real model.
constexpr int64_t kMaxWindow = 4096;

struct Window {
  Ints out;  // positions per spatial axis
  int64_t positions = 1;
  int64_t elements = 1;  // of the window, without channels
};

Window window_of(const LayerCall& call, const ConvSettings& settings) {
  const Shape& x = call.g.shape(call.in[0]);
  Window window;
  for (int i = 0; i < settings.spatial; ++i) {
    const auto k = static_cast<size_t>(i);
    const int64_t size = x[settings.channels_first ? i + 2 : i + 1];
    if (size < settings.kernel[k]) {
      call.fail(ErrorCode::bad_shape, "{} needs an input of known size that its kernel fits in, received {}",
                call.layer.class_name, x.to_string());
    }
    window.out.push_back((size - settings.kernel[k]) / settings.strides[k] + 1);
    if (__builtin_mul_overflow(window.positions, window.out.back(), &window.positions)) {
      call.fail(ErrorCode::bad_shape, "{} has too many positions on an input of {}", call.layer.class_name,
                x.to_string());
    }
    if (settings.kernel[k] > kMaxWindow) window.elements = kMaxWindow + 1;
    window.elements *= settings.kernel[k];
  }
  if (window.elements > kMaxWindow) {
    call.fail(ErrorCode::unsupported, "{} runs with up to {} elements in a window, received {}",
              call.layer.class_name, kMaxWindow, window.elements);
  }
  return window;
}

// x (batch, spatial..., channels) -> (batch, positions, elements * channels): what each position sees.
Value patches_of(GraphBuilder& g, const ConvSettings& settings, const Window& window, Value x) {
  const auto spatial = static_cast<size_t>(settings.spatial);
  const Ints none(spatial + 2, 0);
  Ints end_absent(spatial + 2, 1);
  std::fill(end_absent.begin() + 1, end_absent.end() - 1, 0);
  Ints strides(spatial + 2, 1);
  std::copy(settings.strides.begin(), settings.strides.end(), strides.begin() + 1);
  std::vector<Value> slices;
  for (int64_t element = 0; element < window.elements; ++element) {
    Ints begin = none;
    Ints end = none;
    int64_t rest = element;
    for (size_t k = spatial; k-- > 0;) {
      begin[k + 1] = rest % settings.kernel[k];
      end[k + 1] = begin[k + 1] + (window.out[k] - 1) * settings.strides[k] + 1;
      rest /= settings.kernel[k];
    }
    slices.push_back(g.op("strided_slice", {x},
                          {{"begin", begin},
                           {"end", end},
                           {"strides", strides},
                           {"begin_absent", none},
                           {"end_absent", end_absent},
                           {"new_axis", none},
                           {"drop_axis", none}}));
  }
  const auto last = static_cast<int64_t>(spatial + 1);
  const Value joined = slices.size() == 1 ? slices[0] : g.op("concat", slices, {{"axis", last}});
  return g.reshape(joined, {-1, window.positions, g.shape(joined).back()});
}

// The kernel with the window before the channels, as patches_of orders them; under channels_first it is
// stored the other way round.
Value kernel_of(LayerCall& call, const ConvSettings& settings, const Window& window, int64_t channels,
                int64_t filters) {
  int64_t seen = 0;
  if (__builtin_mul_overflow(window.elements, channels, &seen)) {
    call.fail(ErrorCode::bad_shape, "{} of {} channels are too many elements", window.elements, channels);
  }
  const Value kernel = call.weight("kernel", {window.positions, seen, filters});
  if (!settings.channels_first) return kernel;
  const Value split = call.g.reshape(kernel, {window.positions, channels, window.elements, filters});
  return call.g.reshape(call.g.transpose(split, {0, 2, 1, 3}), {window.positions, seen, filters});
}

// Implementation 1: what each position sees times a kernel of its own.
Value by_patches(LayerCall& call, const ConvSettings& settings, int64_t filters, int64_t channels,
                 Ints& positions) {
  GraphBuilder& g = call.g;
  const Window window = window_of(call, settings);
  const Value patches = patches_of(g, settings, window, conv_input(call, settings));
  const Value kernel = kernel_of(call, settings, window, channels, filters);
  const Value y = g.op("einsum", {patches, kernel}, {{"equation", std::string("bpk,pkf->bpf")}});
  positions = window.out;
  Ints shape{-1};
  shape.insert(shape.end(), positions.begin(), positions.end());
  shape.push_back(filters);
  return settings.channels_first ? channels_to_front(g, g.reshape(y, shape)) : g.reshape(y, shape);
}

}  // namespace

std::vector<Value> lower_locally_connected(LayerCall& call, int spatial) {
  const ConvSettings settings = conv_settings(call, spatial);
  call.expect_rank(spatial + 2);
  const int64_t implementation = call.config.integer({"implementation"}, 1, Range{1, 3});
  const bool fits = settings.padding == "valid" || (settings.padding == "same" && implementation > 1);
  if (!fits) call.config.fail_value("padding", call.config.raw({"padding", "border_mode"}), "valid");
  const int64_t filters = call.config.integer({"filters", "nb_filter"}, {1, INT32_MAX});
  const int64_t channels = channel_count(call, settings.channels_first);
  GraphBuilder& g = call.g;
  Ints positions;
  Value y = implementation == 1
                ? by_patches(call, settings, filters, channels, positions)
                : locally_connected_by_matrix(call, settings, filters, channels, implementation, positions);
  if (call.config.flag({"use_bias", "bias"}, true)) {
    Shape sizes{std::span<const int64_t>(positions)};
    sizes.push_back(filters);
    Value bias = call.weight("bias", sizes);
    if (settings.channels_first) {  // Keras reads the same numbers under another shape; it does not transpose
                                    // them
      Ints front{filters};
      front.insert(front.end(), positions.begin(), positions.end());
      bias = g.reshape(bias, front);
    }
    y = g.op("add", {y, bias});
  }
  return {call.activate(y)};
}

void locally_connected_from_legacy(LegacyWeights& weights) {
  if (weights.stored.size() < 2 || weights.layer.weights.size() < 2) return;
  Tensor& bias = weights.stored[1].tensor;
  const Shape& wanted = weights.layer.weights[1].shape;
  // The layer adds (filters, spatial...) under channels_first, whatever shape the numbers have in the file.
  if (weights.layer.config.channels_first() && bias.shape.rank() == wanted.rank() && !(bias.shape == wanted))
    bias = reshaped(bias, wanted);
}

}  // namespace cornu::layers
