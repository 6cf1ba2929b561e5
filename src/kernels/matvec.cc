// matvec: matmul for one row a (1, K): y[n] = epilogue(sum over k of a[k] * b[k, n]), the dense layer of a
// single sample. It is bound by reading b once, so that the rows of b are streamed in strips of columns,
// fetched ahead. float32. Input   a (1..., K), b (1..., K, N), or (1..., N, K) with "transpose_b"; the
// epilogue's inputs Output  y (1..., N) Refuses other types, empty arrays and more than one row.
#include <algorithm>
#include <cstring>
#include <memory>

#include "base/epilogue.h"
#include "base/thread_pool.h"
#include "kernels/activation.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/matvec.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kCacheLine = 64;
constexpr int64_t kRowsAhead =
    4;  // found by measurement: the hardware does not foresee jumps from row to row

// Rows summed in one go. Longer sums are sums of such sums: rounding errors grow with the block and the
// number of blocks, not with their product.
constexpr int64_t kBlockRows = 512;

// y[0, kVectors * lanes) of the rows [0, rows), from a strip of b that starts at w.
template <int kVectors>
void strip(const std::byte* x, const std::byte* w, int64_t row_bytes, int64_t rows, float* y) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  constexpr int64_t kStripBytes = kVectors * kLanes * kFloatBytes;
  for (int64_t begin = 0; begin < rows; begin += kBlockRows) {
    V sum[kVectors];
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; v++) sum[v] = hn::Zero(d);
    const int64_t end = std::min(begin + kBlockRows, rows);
    for (int64_t k = begin; k < end; k++) {
      const V value = broadcast(d, x + k * kFloatBytes);
      const std::byte* ahead = w + std::min(kRowsAhead, rows - 1 - k) * row_bytes;
#pragma GCC unroll 16
      for (int64_t i = 0; i < kStripBytes; i += kCacheLine) __builtin_prefetch(ahead + i);
      __builtin_prefetch(ahead + kStripBytes - 1);  // a misaligned strip touches one line more
#pragma GCC unroll 16
      for (int v = 0; v < kVectors; v++) {
        sum[v] = hn::MulAdd(value, load(d, w + v * kLanes * kFloatBytes), sum[v]);
      }
      w += row_bytes;
    }
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; v++) {
      if (begin > 0) sum[v] = hn::Add(sum[v], hn::LoadU(d, y + v * kLanes));
      hn::StoreU(sum[v], d, y + v * kLanes);
    }
  }
}

}  // namespace

// y[n] = sum over rows k of x[k] * w[k, n] for n in [0, columns).
void multiply_rows(const std::byte* x, const std::byte* w, int64_t row_bytes, int64_t rows, int64_t columns,
                   float* y) {
  constexpr int64_t kLanes = hn::MaxLanes(D());
  constexpr int kWide = kManyRegisters ? 16 : 8;
  int64_t n = 0;
  for (; n + kWide * kLanes <= columns; n += kWide * kLanes)
    strip<kWide>(x, w + n * kFloatBytes, row_bytes, rows, y + n);
  for (; n + 4 * kLanes <= columns; n += 4 * kLanes) strip<4>(x, w + n * kFloatBytes, row_bytes, rows, y + n);
  for (; n + kLanes <= columns; n += kLanes) strip<1>(x, w + n * kFloatBytes, row_bytes, rows, y + n);
  if (n == columns) return;
  if (columns >= kLanes) {  // the last full vector again, of which the last columns are kept
    alignas(HWY_MAX_BYTES) float last[hn::MaxLanes(D())];
    strip<1>(x, w + (columns - kLanes) * kFloatBytes, row_bytes, rows, last);
    std::memcpy(y + n, last + kLanes - (columns - n), static_cast<size_t>((columns - n) * kFloatBytes));
    return;
  }
  for (int64_t i = n; i < columns; i++) {
    float sum = 0;
    for (int64_t k = 0; k < rows; k++) sum += load_at<float>(x, k) * load_at<float>(w + k * row_bytes, i);
    y[i] = sum;
  }
}

// y[n] = sum over k of x[k] * w[n, k] for n in [0, columns), where a row of w has `rows` floats.
void multiply_columns(const std::byte* x, const std::byte* w, int64_t rows, int64_t columns, float* y) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  for (int64_t n = 0; n < columns; n++, w += rows * kFloatBytes) {
    V sum[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    int64_t k = 0;
    for (; k + 4 * kLanes <= rows; k += 4 * kLanes) {
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) {
        const int64_t offset = (k + i * kLanes) * kFloatBytes;
        sum[i] = hn::MulAdd(load(d, x + offset), load(d, w + offset), sum[i]);
      }
    }
    for (; k + kLanes <= rows; k += kLanes) {
      sum[0] = hn::MulAdd(load(d, x + k * kFloatBytes), load(d, w + k * kFloatBytes), sum[0]);
    }
    float total = hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(sum[0], sum[1]), hn::Add(sum[2], sum[3]))));
    for (; k < rows; k++) total += load_at<float>(x, k) * load_at<float>(w, k);
    y[n] = total;
  }
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

extern const KernelDef kernel_matvec;

namespace {

HWY_EXPORT(multiply_rows);
HWY_EXPORT(multiply_columns);

constexpr int64_t kBytes = sizeof(float);
constexpr int64_t kStripColumns = 256;     // of a job: 1 kB of each row, 16 registers of AVX-512
constexpr int64_t kSliceRows = 512;        // of a job at least, where rows are split as well
constexpr int64_t kDotFloats = 64 * 1024;  // of b per job where it is transposed

struct Plan {
  int64_t rows, columns;  // K and N
  bool transposed;
  int64_t strip = 1, strips = 1;  // columns of a job, and jobs along the columns
  int64_t slices = 1;             // jobs along the rows; their sums are added in order
  Epilogue epilogue;

  void plan_jobs(int threads);
  int64_t scratch_bytes() const { return slices * columns * kBytes; }
  void run(const KernelCall& call) const;
  void finish(const KernelCall& call, float* sums) const;
};

void Plan::plan_jobs(int threads) {
  strip = transposed ? std::clamp<int64_t>(kDotFloats / rows, 1, columns) : std::min(kStripColumns, columns);
  strips = (columns + strip - 1) / strip;
  if (!transposed && strips < threads) slices = std::clamp<int64_t>(rows / kSliceRows, 1, threads);
}

void Plan::run(const KernelCall& call) const {
  auto* const sums = reinterpret_cast<float*>(call.scratch);
  const std::byte* const x = call.in[0];
  const std::byte* const w = call.in[1];
  call.pool.run(strips * slices, [&](int64_t job, int) {
    const int64_t slice = job / strips;
    const int64_t first = job % strips * strip;
    const int64_t width = std::min(strip, columns - first);
    float* const y = sums + slice * columns + first;
    if (transposed) {
      HWY_DYNAMIC_DISPATCH(multiply_columns)(x, w + first * rows * kBytes, rows, width, y);
      return;
    }
    const int64_t begin = rows * slice / slices;
    const int64_t end = rows * (slice + 1) / slices;
    HWY_DYNAMIC_DISPATCH(multiply_rows)
    (x + begin * kBytes, w + (begin * columns + first) * kBytes, columns * kBytes, end - begin, width, y);
  });
  finish(call, sums);
}

void Plan::finish(const KernelCall& call, float* sums) const {
  const auto value = [&](int input, int64_t i, float fallback) {
    return input < 0 ? fallback : load_at<float>(call.in[input], i);
  };
  for (int64_t n = 0; n < columns; n++) {
    float sum = sums[n];
    for (int64_t slice = 1; slice < slices; slice++) sum += sums[slice * columns + n];
    sums[n] =
        sum * value(epilogue.scale, n, 1) + value(epilogue.shift, n, 0) + value(epilogue.residual, n, 0);
  }
  activate(epilogue.activation, epilogue.a, epilogue.b, reinterpret_cast<const std::byte*>(sums),
           reinterpret_cast<float*>(call.out[0]), columns);
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& a = site.in[0].shape;
  const Shape& b = site.in[1].shape;
  const Shape& y = site.out[0].shape;
  if (a.rank() < 2 || b.rank() < 2) return refuse("an operand has fewer than two axes");
  if (y.elements() != y.back() || b.elements(0, b.rank() - 2) != 1) return refuse("y has more than one row");
  Plan plan;
  plan.rows = a.elements();
  plan.columns = y.back();
  plan.transposed = site.attrs.flag("transpose_b") || plan.columns == 1;  // one column is a row
  plan.epilogue = Epilogue::parse(site.attrs, 2);
  if (std::string why = refuse_epilogue(site, plan.epilogue); !why.empty()) return refuse(why);
  plan.plan_jobs(site.threads);
  return {[plan](const KernelCall& call) { plan.run(call); }, plan.scratch_bytes(), {}};
}

}  // namespace

const KernelDef kernel_matvec = {.name = "matvec", .op = "matmul", .rank = 20, .prepare = prepare};

}  // namespace cornu::kernels
#endif
