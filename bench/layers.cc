// Where does the time of a model go? Each step of its plan: kernel, shapes, milliseconds, and the share of this machine's
// measured peak of multiplications and additions.
//   cornu_bench_layers MODEL [threads = 1] [batch = 1] [runs = 30]
// Times are the tenth percentiles over the runs, which neighbours on the machine disturb least; unknown sizes are 224. The
// peak is measured just after, on as many threads. "lost" is the time beyond what the peak would allow.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <vector>

#include "base/thread_pool.h"
#include "formats/model_file.h"
#include "import/keras_model.h"
#include "kernels/gemm_tile.h"
#include "passes/pass.h"
#include "runtime/program.h"

namespace cornu {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// GFLOP/s of the register tile on operands in the first-level cache, best of several tries.
double peak(ThreadPool& pool) {
  const kernels::TileSet& tiles = kernels::gemm_tiles();
  const int vectors = 2;
  const int rows = tiles.max_rows[vectors];
  constexpr int64_t kDepth = 128;
  double best = 0;
  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto start = Clock::now();
    pool.run(pool.threads(), [&](int64_t, int) {
      std::vector<float> a(static_cast<size_t>(rows * kDepth)),
          b(static_cast<size_t>(kDepth * vectors * tiles.lanes)),
          c(static_cast<size_t>(rows * vectors * tiles.lanes));
      const std::ptrdiff_t tap = 0;
      kernels::TileCall call = {};
      call.a = reinterpret_cast<const std::byte*>(a.data());
      call.pixel_bytes = kDepth * 4;
      call.taps = &tap;
      call.tap_count = 1;
      call.run = kDepth;
      call.b = reinterpret_cast<const std::byte*>(b.data());
      call.b_row_bytes = vectors * tiles.lanes * 4;
      call.c = c.data();
      call.c_row = vectors * tiles.lanes;
      call.first = true;
      for (int i = 0; i < 4000; ++i) tiles.tile[vectors][rows](call);
    });
    const double flop = 2.0 * 4000 * rows * vectors * tiles.lanes * kDepth * pool.threads();
    best = std::max(best, flop / ms_since(start) / 1e6);
  }
  return best;
}

double tenth_percentile(std::vector<double> values) {
  const size_t tenth = values.size() / 10;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(tenth), values.end());
  return values[tenth];
}

struct Line {
  std::string text;
  double gflop = 0;
  std::vector<double> times;
};

// Of convolutions and matrix products; 0 for what is bound by memory.
double gflop_of(const std::string& op, const std::vector<Shape>& in, const Shape& out) {
  if (op != "conv" && op != "matmul" && op != "conv_transpose") return 0;
  const Shape& w = in[1];
  const double terms =
      op == "conv_transpose" ? 0 : static_cast<double>(w.elements()) / static_cast<double>(w.back());
  if (op == "matmul") return 2e-9 * static_cast<double>(out.elements()) * static_cast<double>(in[0].back());
  return 2e-9 * terms * static_cast<double>(out.elements());
}

int run(int argc, char** argv) {
  if (argc < 2) return 1;
  const int threads = argc > 2 ? std::atoi(argv[2]) : 1;
  const int64_t batch = argc > 3 ? std::atoll(argv[3]) : 1;
  const int runs = argc > 4 ? std::atoi(argv[4]) : 30;
  const formats::ModelFile file = formats::read_model_file(argv[1]);
  import::KerasModel keras = import::import_keras(file, argv[1]);
  passes::run_passes(keras.graph, {});
  std::vector<TensorType> types;
  for (const auto& input : keras.graph.inputs()) {
    TensorType type = keras.graph.type(input.value);
    for (int axis = 0; axis < type.shape.rank(); ++axis) {
      if (type.shape[axis] == Shape::kUnknown) type.shape[axis] = axis == 0 ? batch : 224;
    }
    types.push_back(type);
  }
  const auto plan = runtime::make_plan(keras.graph, types, *devices::find_device("cpu"), threads, true);
  ThreadPool pool(threads);
  std::vector<NewTensor> in, out;
  std::vector<const std::byte*> inputs;
  std::vector<std::byte*> outputs;
  std::minstd_rand generator(3);
  for (const TensorType& type : types) {
    in.push_back(new_tensor(type.dtype, type.shape));
    if (type.dtype == DType::float32) {
      auto* const values = reinterpret_cast<float*>(in.back().data);
      for (int64_t i = 0; i < type.shape.elements(); ++i)
        values[i] = static_cast<float>(generator() % 1000) / 1000;
    }
    inputs.push_back(in.back().data);
  }
  for (const TensorType& type : plan->outputs)
    outputs.push_back((out.emplace_back(new_tensor(type.dtype, type.shape))).data);
  HeapStorage arena(static_cast<size_t>(std::max<int64_t>(plan->arena_bytes, 1)));
  std::vector<Line> lines;
  std::vector<double> totals;
  for (int i = 0; i < runs; ++i) {
    size_t next = 0;
    const runtime::StepObserver observer = [&](const runtime::Step& step, double milliseconds) {
      if (i == 0) {
        const ir::Node& node = keras.graph.nodes()[static_cast<size_t>(step.node)];
        Line line;
        std::vector<Shape> shapes;
        for (ir::Value value : node.inputs) shapes.push_back(keras.graph.type(value).shape);
        const Shape& y = keras.graph.type(node.outputs[0]).shape;
        line.text = fmt::format("{:12} {:12} {:20} {} {} -> {} s{} {} {}", step.kernel, node.op->name,
                                node.layer.substr(0, 28), shapes[0].to_string(),
                                shapes.size() > 1 ? shapes[1].to_string() : "", y.to_string(),
                                node.attrs.ints("strides", {1})[0], node.attrs.text("epilogue", ""),
                                node.attrs.text("activation", ""));
        for (Shape& shape : shapes)
          if (shape.rank() > 0 && shape[0] == Shape::kUnknown) shape[0] = batch;
        line.gflop = y.rank() > 0 && y[0] == Shape::kUnknown
                         ? gflop_of(std::string(node.op->name), shapes, y.with(0, batch))
                         : 0;
        lines.push_back(line);
      }
      lines[next++].times.push_back(milliseconds);
    };
    const auto start = Clock::now();
    runtime::run_plan(*plan, inputs, outputs, arena.data(), pool, &observer);
    totals.push_back(ms_since(start));
  }
  const double machine = peak(pool);
  double sum = 0, gflop = 0;
  for (const Line& line : lines) {
    const double ms = tenth_percentile(line.times);
    sum += ms;
    gflop += line.gflop;
    fmt::print("{:8.3f} ms, lost {:7.3f} {:7.1f} GFLOP/s {:4.0f} %  {}\n", ms,
               ms - line.gflop / machine * 1e3, line.gflop / ms * 1e3, 100 * line.gflop / ms * 1e3 / machine,
               line.text);
  }
  fmt::print(
      "total {:.3f} ms (sum of steps {:.3f}, least {:.3f}), {:.2f} GFLOP, {:.1f} GFLOP/s, peak {:.1f}, arena "
      "{} MB\n",
      tenth_percentile(totals), sum, *std::min_element(totals.begin(), totals.end()), gflop,
      gflop / tenth_percentile(totals) * 1e3, machine, plan->arena_bytes >> 20);
  return 0;
}

}  // namespace
}  // namespace cornu

int main(int argc, char** argv) {
  return cornu::run(argc, argv);
}
