// attention: per head, y = softmax(scale q k^T + bias, or `low` where the condition does not hold) v. float32.
// A job takes the queries of one head, or a part of them: keys and values of the head are copied into panels once, and the
// scores of a few queries at a time stay in cache, so that nothing of size target x source is ever stored.
// Input, output and attributes: ops/attention.cc. Refuses other types and empty arrays.
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>

#include "base/thread_pool.h"
#include "kernels/gemm_tile.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"
#include "kernels/transpose_plane.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/attention.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {

namespace {

struct Scores {
  float* scores;
  int64_t count;
  float scale, low;
  const std::byte* bias;
  int64_t bias_step;
  const std::byte* condition;
  int64_t condition_step;

  float finished(int64_t i) const {
    float score = scores[i] * scale;
    if (bias != nullptr) score += load_at<float>(bias, i * bias_step);
    return condition != nullptr && condition[i * condition_step] == std::byte{0} ? low : score;
  }
};

// Scale, bias and condition.
void finish_scores(const Scores& s) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<uint8_t, decltype(d)> bytes;
  const hn::RebindToSigned<decltype(d)> integers;
  constexpr int64_t kLanes = hn::MaxLanes(hn::ScalableTag<float>());
  int64_t i = 0;
  for (; i + kLanes <= s.count; i += kLanes) {
    auto score = hn::Mul(hn::Load(d, s.scores + i), hn::Set(d, s.scale));
    if (s.bias != nullptr) {
      score = hn::Add(score, s.bias_step == 0 ? broadcast(d, s.bias)
                                              : load(d, s.bias + i * static_cast<int64_t>(sizeof(float))));
    }
    if (s.condition != nullptr && s.condition_step == 0) {
      if (*s.condition == std::byte{0}) score = hn::Set(d, s.low);
    } else if (s.condition != nullptr) {
      const auto holds =
          hn::PromoteTo(integers, hn::LoadU(bytes, reinterpret_cast<const uint8_t*>(s.condition + i)));
      const auto fails = hn::RebindMask(d, hn::Eq(holds, hn::Zero(integers)));
      score = hn::IfThenElse(fails, hn::Set(d, s.low), score);
    }
    hn::Store(score, d, s.scores + i);
  }
  for (; i < s.count; i++) s.scores[i] = s.finished(i);
}

}  // namespace

// The weights of one query from its scores, in place and not yet divided by their sum, of which the inverse is the result: count
// of them, and zeros up to a whole vector. bias and condition are floats and bools `bias_step` and `condition_step` (0 or 1)
// apart, or null.
float weigh_row(float* scores, int64_t count, float scale, float low, const std::byte* bias,
                int64_t bias_step, const std::byte* condition, int64_t condition_step) {
  using D = hn::ScalableTag<float>;
  using V = hn::Vec<D>;
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const int64_t whole = (count + kLanes - 1) / kLanes * kLanes;
  if (bias != nullptr || condition != nullptr || !(scale > 0)) {
    finish_scores({scores, count, scale, low, bias, bias_step, condition, condition_step});
    scale = 1;
  }
  std::fill(scores + count, scores + whole, -kInfinity);
  V most = hn::Load(d, scores);
  for (int64_t i = kLanes; i < whole; i += kLanes) most = max_or_nan(most, hn::Load(d, scores + i));
  alignas(HWY_MAX_BYTES) float lanes[hn::MaxLanes(D())];
  hn::Store(most, d, lanes);
  float largest = lanes[0];
  for (float lane : lanes) {
    if (lane > largest || lane != lane) largest = lane;
  }
  // The sums of the weights of some hundred sources at a time are added: errors do not grow with their number.
  constexpr int64_t kBlock = 32 * kLanes;
  const V center = hn::Set(d, largest);
  const V factor = hn::Set(d, scale);
  float total = 0;
  for (int64_t block = 0; block < whole; block += kBlock) {
    V sum = hn::Zero(d);
    for (int64_t i = block; i < std::min(whole, block + kBlock); i += kLanes) {
      const V weight = exp_negative(d, hn::Mul(hn::Sub(hn::Load(d, scores + i), center), factor));
      hn::Store(weight, d, scores + i);
      sum = hn::Add(sum, weight);
    }
    total += hn::GetLane(hn::SumOfLanes(d, sum));
  }
  return 1.0F / total;
}

// y = x factor for count floats; x is aligned and filled up to a whole vector.
void scale_row(const float* x, float factor, int64_t count, float* y) {
  const hn::ScalableTag<float> d;
  constexpr int64_t kLanes = hn::MaxLanes(d);
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    hn::StoreU(hn::Mul(hn::Load(d, x + i), hn::Set(d, factor)), d, y + i);
  for (; i < count; i++) y[i] = x[i] * factor;
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

extern const KernelDef kernel_attention;

namespace {

HWY_EXPORT(weigh_row);
HWY_EXPORT(scale_row);

constexpr int64_t kBytes = sizeof(float);
constexpr int64_t kQueries = 24;     // whose scores are kept at a time
constexpr int64_t kTileDepth = 384;  // products summed in one go, as in matrix products

int64_t divide_up(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

// An optional input that broadcasts to [batch, heads, target, source].
struct Extra {
  int input = -1;
  int64_t element_bytes = 0;
  std::array<int64_t, 4> strides{};  // in elements

  const std::byte* row(const KernelCall& call, int64_t batch, int64_t head, int64_t target) const {
    if (input < 0) return nullptr;
    return call.in[input] + (batch * strides[0] + head * strides[1] + target * strides[2]) * element_bytes;
  }
  void broadcast(const TensorType& type, int index);
};

void Extra::broadcast(const TensorType& type, int index) {
  input = index;
  element_bytes = dtype_size(type.dtype);
  int64_t stride = 1;
  for (int back = 1; back <= type.shape.rank(); back++) {
    const int64_t size = type.shape[type.shape.rank() - back];
    strides[static_cast<size_t>(4 - back)] = size == 1 ? 0 : stride;
    stride *= size;
  }
}

struct Plan {
  const TileSet& tiles = gemm_tiles();
  int64_t batch = 0, target = 0, heads = 0, size = 0, source = 0, value_size = 0;
  float scale = 1, low = 0;
  Extra bias, condition;
  int64_t splits = 1;  // of the queries of a head
  int score_vectors = 1, value_vectors = 1;

  int64_t filled(int64_t count, int vectors) const {
    return divide_up(count, int64_t{vectors} * tiles.lanes) * vectors * tiles.lanes;
  }
  int64_t source_row() const { return filled(source, score_vectors); }
  int64_t value_row() const { return filled(value_size, value_vectors); }
  int64_t thread_floats() const {
    return size * source_row() + source * value_row() + kQueries * (source_row() + value_row());
  }
  void run(const KernelCall& call) const;
  void run_head(const KernelCall& call, int64_t job, float* scratch) const;
  void copy_keys(const std::byte* keys, float* panels) const;
  void copy_values(const std::byte* values, float* panels) const;
  void multiply(const std::byte* a, int64_t a_row, int64_t rows, int64_t depth, const float* panels,
                int64_t columns, int vectors, float* c) const;
};

// (source, size) to panels of (size, vectors): the transpose, with zeros for the sources that are not there.
void Plan::copy_keys(const std::byte* keys, float* panels) const {
  const int64_t width = int64_t{score_vectors} * tiles.lanes;
  for (int64_t first = 0; first < source; first += width) {
    float* const panel = panels + first * size;
    const int64_t count = std::min(width, source - first);
    if (count < width) std::fill_n(panel, size * width, 0.0F);
    transpose_plane(keys + first * heads * size * kBytes, heads * size, count, size, panel, width);
  }
}

void Plan::copy_values(const std::byte* values, float* panels) const {
  const int64_t width = int64_t{value_vectors} * tiles.lanes;
  for (int64_t first = 0; first < value_size; first += width) {
    float* const panel = panels + first * source;
    const int64_t count = std::min(width, value_size - first);
    if (count < width) std::fill_n(panel, source * width, 0.0F);
    for (int64_t s = 0; s < source; s++) {
      std::memcpy(panel + s * width, values + (s * heads * value_size + first) * kBytes,
                  static_cast<size_t>(count * kBytes));
    }
  }
}

// c (rows, columns filled up) = a (rows, depth) times the panels.
void Plan::multiply(const std::byte* a, int64_t a_row, int64_t rows, int64_t depth, const float* panels,
                    int64_t columns, int vectors, float* c) const {
  constexpr std::ptrdiff_t kOneTap = 0;
  const int64_t width = int64_t{vectors} * tiles.lanes;
  const int64_t tile_count = divide_up(rows, tiles.max_rows[vectors]);
  TileCall call = {};
  call.pixel_bytes = a_row * kBytes;
  call.taps = &kOneTap;
  call.tap_count = 1;
  call.b_row_bytes = width * kBytes;
  call.c_row = columns;
  for (int64_t column = 0; column < columns; column += width) {
    const auto* const panel = reinterpret_cast<const std::byte*>(panels + column * depth);
    for (int64_t i = 0; i < tile_count; i++) {
      const int64_t first = rows * i / tile_count;
      const int64_t count = rows * (i + 1) / tile_count - first;
      call.c = c + first * columns + column;
      for (int64_t k = 0; k < depth; k += kTileDepth) {
        call.first = k == 0;
        call.run = std::min(kTileDepth, depth - k);
        call.a = a + (first * a_row + k) * kBytes;
        call.b = panel + k * width * kBytes;
        tiles.tile[vectors][count](call);
      }
    }
  }
}

void Plan::run_head(const KernelCall& call, int64_t job, float* scratch) const {
  const int64_t head = job / splits % heads;
  const int64_t item = job / splits / heads;
  const int64_t end = target * (job % splits + 1) / splits;
  float* const keys = scratch;
  float* const values = keys + size * source_row();
  float* const scores = values + source * value_row();
  float* const sums = scores + kQueries * source_row();
  copy_keys(call.in[1] + (item * source * heads + head) * size * kBytes, keys);
  copy_values(call.in[2] + (item * source * heads + head) * value_size * kBytes, values);
  for (int64_t first = target * (job % splits) / splits; first < end; first += kQueries) {
    const int64_t rows = std::min(kQueries, end - first);
    const int64_t row = (item * target + first) * heads + head;
    multiply(call.in[0] + row * size * kBytes, heads * size, rows, size, keys, source_row(), score_vectors,
             scores);
    std::array<float, kQueries> inverses;
    for (int64_t i = 0; i < rows; i++) {
      inverses[static_cast<size_t>(i)] = HWY_DYNAMIC_DISPATCH(weigh_row)(
          scores + i * source_row(), source, scale, low, bias.row(call, item, head, first + i),
          bias.strides[3], condition.row(call, item, head, first + i), condition.strides[3]);
    }
    multiply(reinterpret_cast<const std::byte*>(scores), source_row(), rows, source, values, value_row(),
             value_vectors, sums);
    float* const y = reinterpret_cast<float*>(call.out[0]) + row * value_size;
    for (int64_t i = 0; i < rows; i++) {
      HWY_DYNAMIC_DISPATCH(scale_row)
      (sums + i * value_row(), inverses[static_cast<size_t>(i)], value_size, y + i * heads * value_size);
    }
  }
}

void Plan::run(const KernelCall& call) const {
  call.pool.run(batch * heads * splits, [&](int64_t job, int thread) {
    run_head(call, job, reinterpret_cast<float*>(call.scratch) + thread * thread_floats());
  });
}

PreparedKernel prepare(const KernelSite& site) {
  Plan plan;
  std::vector<TensorType> floats(site.in.begin(), site.in.end());
  int next = 3;
  if (site.attrs.flag("has_bias")) {
    plan.bias.broadcast(site.in[static_cast<size_t>(next)], next);
    next++;
  }
  if (site.attrs.flag("has_condition")) {
    plan.condition.broadcast(site.in[static_cast<size_t>(next)], next);
    floats.pop_back();
  }
  if (std::string why = refuse_other_than_float32({floats, site.out, site.attrs, {}, site.threads});
      !why.empty())
    return refuse(why);
  const Shape& q = site.in[0].shape;
  plan.batch = q[0];
  plan.target = q[1];
  plan.heads = q[2];
  plan.size = q[3];
  plan.source = site.in[1].shape[1];
  plan.value_size = site.out[0].shape[3];
  plan.scale = static_cast<float>(site.attrs.number("scale", 1.0));
  plan.low = static_cast<float>(site.attrs.number("low", 0.0));
  const int64_t jobs = plan.batch * plan.heads;
  if (jobs < 2 * int64_t{site.threads} && site.threads > 1)
    plan.splits =
        std::clamp<int64_t>(divide_up(2 * int64_t{site.threads}, jobs), 1, divide_up(plan.target, kQueries));
  const auto width = [&](int64_t count) {
    return static_cast<int>(
        std::min<int64_t>(std::min(2, plan.tiles.max_vectors), divide_up(count, plan.tiles.lanes)));
  };
  plan.score_vectors = width(plan.source);
  plan.value_vectors = width(plan.value_size);
  const auto shared = std::make_shared<const Plan>(plan);
  return {[shared](const KernelCall& call) { shared->run(call); },
          site.threads * plan.thread_floats() * kBytes,
          {}};
}

}  // namespace

const KernelDef kernel_attention = {.name = "attention", .op = "attention", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
#endif
