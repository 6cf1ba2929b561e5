#include "kernels/gemm_tile.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_gemm_tile.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

constexpr int kCacheLine = 64;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Scale, shift, residual and clamp of the sums, and their store.
template <int kRows, int kVectors>
HWY_INLINE void finish(const TileCall& t, V (&sum)[kRows][kVectors]) {
  const D d;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  float* const c = t.c;
  const std::ptrdiff_t c_row = t.c_row;
  const V lo = hn::Set(d, t.lo);
  const V hi = hn::Set(d, t.hi);
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; v++) {
    const std::ptrdiff_t offset_bytes = v * kLanes * static_cast<int>(sizeof(float));
    const V scale = t.scale != nullptr ? load(d, t.scale + offset_bytes) : hn::Set(d, 1.0F);
    const V shift = t.shift != nullptr ? load(d, t.shift + offset_bytes) : hn::Zero(d);
    const std::byte* residual = t.residual != nullptr ? t.residual + offset_bytes : nullptr;
#pragma GCC unroll 14
    for (int m = 0; m < kRows; m++) {
      V y = hn::MulAdd(sum[m][v], scale, shift);
      if (residual != nullptr) {
        y = hn::Add(y, load(d, residual + m * c_row * static_cast<std::ptrdiff_t>(sizeof(float))));
      }
      hn::StoreU(clamp(y, lo, hi), d, c + m * c_row + v * kLanes);
    }
  }
}

// What finish() will read and write is fetched while the sums are computed.
template <int kRows, int kVectors>
HWY_INLINE void fetch_outputs(const TileCall& t) {
  constexpr int kRowBytes = kVectors * static_cast<int>(hn::MaxLanes(D()) * sizeof(float));
  const auto row_bytes = t.c_row * static_cast<std::ptrdiff_t>(sizeof(float));
  const auto* c = reinterpret_cast<const std::byte*>(t.c);
  const std::byte* residual = t.residual;
  for (int m = 0; m < kRows; m++) {
#pragma GCC unroll 8
    for (int i = 0; i < kRowBytes; i += kCacheLine) __builtin_prefetch(c + i, 1, 3);
    c += row_bytes;
    if (residual == nullptr) continue;
#pragma GCC unroll 8
    for (int i = 0; i < kRowBytes; i += kCacheLine) __builtin_prefetch(residual + i, 0, 3);
    residual += row_bytes;
  }
}

template <int kVectors>
void copy_panels(const PanelCopy& c) {
  const D d;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  constexpr int kRowBytes = kVectors * kLanes * static_cast<int>(sizeof(float));
  for (int64_t i = 0; i < c.rows; i++) {
    const std::byte* from = c.from + i * c.row_bytes;
    float* to = c.to + i * kVectors * kLanes;
    for (int64_t panel = 0; panel < c.panels; panel++) {
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; v++)
        hn::Store(load(d, from + v * kLanes * static_cast<int>(sizeof(float))), d, to + v * kLanes);
      from += kRowBytes;
      to += c.panel_floats;
    }
  }
}

// One row of weights times the pixels' values in one channel. A pointer serves three pixels: x86 addresses p, p + s and p + 2 s without further arithmetic.
template <int kRows, int kVectors, int kPointers>
HWY_INLINE void add_products(const std::byte* const (&a)[kPointers], std::ptrdiff_t pixel, const std::byte* b,
                             V (&sum)[kRows][kVectors]) {
  const D d;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  V w[kVectors];
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; v++) w[v] = load(d, b + v * kLanes * static_cast<int>(sizeof(float)));
#pragma GCC unroll 14
  for (int m = 0; m < kRows; m++) {
    const V x = broadcast(d, a[m / 3] + (m % 3) * pixel);
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; v++) sum[m][v] = hn::MulAdd(x, w[v], sum[m][v]);
  }
}

template <int kRows, int kVectors>
void tile(const TileCall& t) {
  const D d;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  float* const c = t.c;
  const std::ptrdiff_t c_row = t.c_row;
  V sum[kRows][kVectors];
  if (t.last) fetch_outputs<kRows, kVectors>(t);
#pragma GCC unroll 14
  for (int m = 0; m < kRows; m++) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; v++) sum[m][v] = hn::Zero(d);
  }
  constexpr int kPointers = (kRows + 2) / 3;
  const std::ptrdiff_t pixel = t.pixel_bytes;
  const std::ptrdiff_t b_row_bytes = t.b_row_bytes;
  const std::byte* b = t.b;
  const std::byte* ahead = t.prefetch;
  int64_t until_prefetch = t.prefetch_rows > 0 ? kPrefetchSteps : std::numeric_limits<int64_t>::max();
  for (int64_t tap = 0; tap < t.tap_count; tap++) {
    const std::byte* a[kPointers];
#pragma GCC unroll 5
    for (int i = 0; i < kPointers; i++) a[i] = t.a + t.taps[tap] + 3 * i * pixel;
    for (int64_t left = t.run; left > 0;) {
      const int64_t steps = std::min(left, until_prefetch);
      for (int64_t k = steps; k > 0; k--) {
        add_products<kRows, kVectors>(a, pixel, b, sum);
        b += b_row_bytes;
#pragma GCC unroll 5
        for (int i = 0; i < kPointers; i++) a[i] += sizeof(float);
      }
      left -= steps;
      until_prefetch -= steps;
      if (until_prefetch > 0) continue;
      until_prefetch = kPrefetchSteps;
      for (int64_t row = 0; row < t.prefetch_rows; row++) {
        for (int64_t i = 0; i < t.prefetch_bytes; i += kCacheLine) __builtin_prefetch(ahead + i, 0, 2);
        __builtin_prefetch(ahead + t.prefetch_bytes - 1, 0, 2);  // a misaligned row touches one line more
        ahead += t.prefetch_row_bytes;
      }
    }
  }
  // Each block is summed from zero and then added: rounding errors grow with the block and the number of
  // blocks, not with their product.
  if (!t.first) {
#pragma GCC unroll 14
    for (int m = 0; m < kRows; m++) {
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; v++)
        sum[m][v] = hn::Add(sum[m][v], hn::LoadU(d, c + m * c_row + v * kLanes));
    }
  }
  if (t.last) {
    finish<kRows, kVectors>(t, sum);
    return;
  }
#pragma GCC unroll 14
  for (int m = 0; m < kRows; m++) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; v++) hn::StoreU(sum[m][v], d, c + m * c_row + v * kLanes);
  }
}

// Sums, one row of weights and one broadcast pixel have to fit the registers.
constexpr int max_rows(int vectors) {
  constexpr int kMany[] = {0, 14, 14, 9, 7};
  constexpr int kFew[] = {0, 12, 6, 4, 0};
  return kManyRegisters ? kMany[vectors] : kFew[vectors];
}

template <int kVectors, int... kRow>
void fill(TileSet& set, std::integer_sequence<int, kRow...>) {
  ((set.tile[kVectors][kRow + 1] = tile<kRow + 1, kVectors>), ...);
}

template <int kVectors>
void fill_vectors(TileSet& set) {
  if constexpr (max_rows(kVectors) > 0) {
    set.max_vectors = kVectors;
    set.max_rows[kVectors] = max_rows(kVectors);
    set.copy[kVectors] = copy_panels<kVectors>;
    fill<kVectors>(set, std::make_integer_sequence<int, max_rows(kVectors)>());
  }
}

}  // namespace

const TileSet* choose_gemm_tiles() {
  static const TileSet set = [] {
    TileSet made = {};
    made.lanes = static_cast<int>(hn::MaxLanes(D()));
    fill_vectors<1>(made);
    fill_vectors<2>(made);
    fill_vectors<3>(made);
    fill_vectors<4>(made);
    return made;
  }();
  return &set;
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

HWY_EXPORT(choose_gemm_tiles);

const TileSet& gemm_tiles() {
  return *HWY_DYNAMIC_DISPATCH(choose_gemm_tiles)();
}

}  // namespace cornu::kernels
#endif
