// How fast are convolutions and dense layers on weights in place? One benchmark per distinct layer of
// ResNet50 and for typical ones of MobileNetV2 (images of 224 x 224), with threads and the byte offset of the
// weights as they occur in files.
//   cornu_bench_kernels --benchmark_filter='resnet50.*threads:1/offset:0'
// Each reports GFLOP/s and, as `count`, how often the layer occurs in its network. Before a layer is timed, 64
// outputs are compared with sums in double.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/kernel.h"
#include "base/thread_pool.h"

namespace cornu::kernels {

extern const KernelDef kernel_conv, kernel_depthwise, kernel_matvec;

namespace {

enum class Kind { conv, depthwise, dense };

struct Layer {
  const char* network;
  Kind kind;
  int64_t size, channels, out_channels, window, stride;  // size: height and width of the input
  int count;
  bool has_residual = false;
};

// All pad by half the window on each side.
constexpr Layer kLayers[] = {
    {"resnet50", Kind::conv, 224, 3, 64, 7, 2, 1},
    {"resnet50", Kind::conv, 56, 64, 64, 1, 1, 1},
    {"resnet50", Kind::conv, 56, 64, 64, 3, 1, 3},
    {"resnet50", Kind::conv, 56, 64, 256, 1, 1, 1},
    {"resnet50", Kind::conv, 56, 64, 256, 1, 1, 3, true},
    {"resnet50", Kind::conv, 56, 256, 64, 1, 1, 2},
    {"resnet50", Kind::conv, 56, 256, 128, 1, 2, 1},
    {"resnet50", Kind::conv, 28, 128, 128, 3, 1, 4},
    {"resnet50", Kind::conv, 56, 256, 512, 1, 2, 1},
    {"resnet50", Kind::conv, 28, 128, 512, 1, 1, 4, true},
    {"resnet50", Kind::conv, 28, 512, 128, 1, 1, 3},
    {"resnet50", Kind::conv, 28, 512, 256, 1, 2, 1},
    {"resnet50", Kind::conv, 14, 256, 256, 3, 1, 6},
    {"resnet50", Kind::conv, 28, 512, 1024, 1, 2, 1},
    {"resnet50", Kind::conv, 14, 256, 1024, 1, 1, 6, true},
    {"resnet50", Kind::conv, 14, 1024, 256, 1, 1, 5},
    {"resnet50", Kind::conv, 14, 1024, 512, 1, 2, 1},
    {"resnet50", Kind::conv, 7, 512, 512, 3, 1, 3},
    {"resnet50", Kind::conv, 14, 1024, 2048, 1, 2, 1},
    {"resnet50", Kind::conv, 7, 512, 2048, 1, 1, 3, true},
    {"resnet50", Kind::conv, 7, 2048, 512, 1, 1, 2},
    {"resnet50", Kind::dense, 1, 2048, 1000, 1, 1, 1},
    {"mobilenet_v2", Kind::conv, 224, 3, 32, 3, 2, 1},
    {"mobilenet_v2", Kind::conv, 112, 32, 16, 1, 1, 1},
    {"mobilenet_v2", Kind::conv, 112, 16, 96, 1, 1, 1},
    {"mobilenet_v2", Kind::conv, 56, 144, 24, 1, 1, 1, true},
    {"mobilenet_v2", Kind::conv, 14, 384, 64, 1, 1, 3, true},
    {"mobilenet_v2", Kind::conv, 7, 320, 1280, 1, 1, 1},
    {"mobilenet_v2", Kind::depthwise, 112, 32, 32, 3, 1, 1},
    {"mobilenet_v2", Kind::depthwise, 112, 96, 96, 3, 2, 1},
    {"mobilenet_v2", Kind::depthwise, 28, 192, 192, 3, 1, 2},
    {"mobilenet_v2", Kind::depthwise, 14, 384, 384, 3, 1, 4},
    {"mobilenet_v2", Kind::depthwise, 7, 960, 960, 3, 1, 3},
};

using Buffer = std::unique_ptr<std::byte[], decltype(&std::free)>;

// `count` random floats that start `offset_bytes` after a multiple of 64.
Buffer random_floats(int64_t count, int64_t offset_bytes) {
  const auto bytes = static_cast<size_t>(count * 4 + offset_bytes + 63) / 64 * 64;
  Buffer buffer(static_cast<std::byte*>(std::aligned_alloc(64, bytes)), std::free);
  std::minstd_rand generator(5);
  std::uniform_real_distribution<float> uniform(-0.1F, 0.1F);
  for (int64_t i = 0; i < count; i++) {
    const float value = uniform(generator);
    std::memcpy(buffer.get() + offset_bytes + i * 4, &value, sizeof value);
  }
  return buffer;
}

struct Setup {
  Layer layer;
  int64_t padding, out;
  std::vector<TensorType> in;
  TensorType y;
  Attrs attrs;
};

Setup set_up(const Layer& layer) {
  Setup s = {layer, layer.window / 2, 0, {}, {}, {}};
  s.out = (layer.size + 2 * s.padding - layer.window) / layer.stride + 1;
  const bool dense = layer.kind == Kind::dense;
  const int64_t groups = layer.kind == Kind::depthwise ? layer.channels : 1;
  const Shape x = dense ? Shape{1, layer.channels} : Shape{1, layer.size, layer.size, layer.channels};
  const Shape w = dense ? Shape{layer.channels, layer.out_channels}
                        : Shape{layer.window, layer.window, layer.channels / groups, layer.out_channels};
  s.y = {DType::float32, dense ? Shape{1, layer.out_channels} : Shape{1, s.out, s.out, layer.out_channels}};
  s.in = {{DType::float32, x}, {DType::float32, w}, {DType::float32, {layer.out_channels}}};
  if (layer.has_residual) s.in.push_back(s.y);
  s.attrs = {{"epilogue", layer.has_residual ? "shift residual" : "shift"},
             {"activation", "relu"},
             {"groups", groups},
             {"strides", Ints{layer.stride, layer.stride}},
             {"auto_pad", "explicit"},
             {"padding", Ints{s.padding, s.padding, s.padding, s.padding}}};
  return s;
}

// Output i in double.
double expected(const Setup& s, const std::vector<const std::byte*>& in, int64_t i) {
  const Layer& layer = s.layer;
  const int64_t n = i % layer.out_channels;
  const int64_t column = i / layer.out_channels % s.out;
  const int64_t row = i / layer.out_channels / s.out;
  const bool depthwise = layer.kind == Kind::depthwise;
  const int64_t depth = depthwise ? 1 : layer.channels;
  double sum = load_at<float>(in[2], n) + (layer.has_residual ? load_at<float>(in[3], i) : 0.0F);
  for (int64_t t = 0; t < layer.window * layer.window; t++) {
    const int64_t y = row * layer.stride + t / layer.window - s.padding;
    const int64_t x = column * layer.stride + t % layer.window - s.padding;
    if (y < 0 || y >= layer.size || x < 0 || x >= layer.size) continue;
    for (int64_t k = 0; k < depth; k++) {
      const int64_t channel = depthwise ? n : k;
      sum += double{load_at<float>(in[0], (y * layer.size + x) * layer.channels + channel)} *
             load_at<float>(in[1], (t * depth + k) * layer.out_channels + n);
    }
  }
  return std::max(sum, 0.0);
}

const KernelDef& kernel_of(Kind kind) {
  switch (kind) {
    case Kind::conv:
      return kernel_conv;
    case Kind::depthwise:
      return kernel_depthwise;
    default:
      return kernel_matvec;
  }
}

bool is_right(const Setup& s, const std::vector<const std::byte*>& in, const std::byte* y) {
  for (int64_t k = 0; k < 64; k++) {
    const int64_t i = k * 7919 % s.y.shape.elements();
    const double value = expected(s, in, i);
    if (!(std::abs(load_at<float>(y, i) - value) <= 1e-4 * (1 + std::abs(value)))) return false;
  }
  return true;
}

void run_layer(benchmark::State& state, const Layer& layer, int threads, int64_t offset_bytes) {
  const Setup s = set_up(layer);
  const std::vector<TensorType> out = {s.y};
  const std::vector<const std::byte*> constants(s.in.size(), nullptr);
  const PreparedKernel prepared = kernel_of(layer.kind).prepare({s.in, out, s.attrs, constants, threads});
  if (!prepared.run) return state.SkipWithError(prepared.refusal.c_str());
  std::vector<Buffer> buffers;
  std::vector<const std::byte*> in;
  for (size_t i = 0; i < s.in.size(); i++) {
    const int64_t offset = i == 1 ? offset_bytes : 0;
    buffers.push_back(random_floats(s.in[i].shape.elements(), offset));
    in.push_back(buffers.back().get() + offset);
  }
  const Buffer y = random_floats(s.y.shape.elements(), 0);
  const Buffer scratch = random_floats(prepared.scratch_bytes / 4 + 1, 0);
  std::byte* outputs[] = {y.get()};
  ThreadPool pool(threads);
  const KernelCall call = {in.data(), outputs, scratch.get(), pool};
  prepared.run(call);
  if (!is_right(s, in, y.get())) return state.SkipWithError("the answer is wrong");
  for ([[maybe_unused]] auto _ : state) prepared.run(call);
  const auto terms = static_cast<double>(s.in[1].shape.elements()) / static_cast<double>(layer.out_channels);
  state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * terms * static_cast<double>(s.y.shape.elements()),
                                                 benchmark::Counter::kIsIterationInvariantRate);
  state.counters["count"] = layer.count;
}

void register_layers() {
  const char* const kinds[] = {"conv", "depthwise", "dense"};
  for (const Layer& layer : kLayers) {
    for (int threads : {1, 2}) {
      for (int64_t offset : {0, 2}) {
        const std::string name =
            std::string(layer.network) + "/" + kinds[static_cast<size_t>(layer.kind)] +
            "/size:" + std::to_string(layer.size) + "/" + std::to_string(layer.channels) + "to" +
            std::to_string(layer.out_channels) + "/window:" + std::to_string(layer.window) +
            "/stride:" + std::to_string(layer.stride) + (layer.has_residual ? "/residual" : "") +
            "/threads:" + std::to_string(threads) + "/offset:" + std::to_string(offset);
        const auto run = [=](benchmark::State& state) { run_layer(state, layer, threads, offset); };
        benchmark::RegisterBenchmark(name.c_str(), run)->UseRealTime()->Unit(benchmark::kMicrosecond);
      }
    }
  }
}

}  // namespace
}  // namespace cornu::kernels

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  cornu::kernels::register_layers();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
