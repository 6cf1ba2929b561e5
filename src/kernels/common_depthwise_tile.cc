#include <algorithm>
#include <utility>

#include "kernels/depthwise_tile.h"
#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_depthwise_tile.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int kMaxTile = kManyRegisters ? 8 : 4;

// Scale, shift, residual, clamp and store of kTile outputs of one vector of channels.
template <int kTile>
HWY_INLINE void finish(const DepthwiseTile& t, int64_t c, V (&sum)[kTile]) {
  const D d;
  const V scale = t.scale != nullptr ? load(d, t.scale + c * kFloatBytes) : hn::Set(d, 1.0F);
  const V shift = t.shift != nullptr ? load(d, t.shift + c * kFloatBytes) : hn::Zero(d);
  const V lo = hn::Set(d, t.lo);
  const V hi = hn::Set(d, t.hi);
#pragma GCC unroll 8
  for (int i = 0; i < kTile; i++) {
    V y = hn::MulAdd(sum[i], scale, shift);
    const int64_t offset = i * t.channels + c;
    if (t.residual != nullptr) y = hn::Add(y, load(d, t.residual + offset * kFloatBytes));
    hn::StoreU(clamp(y, lo, hi), d, t.y + offset);
  }
}

// Windows of a known width and stride: each input is loaded once for all outputs of the tile that it reaches.
template <int kTile, int kWindow, int kStride, bool kEdge>
void known_tile(const DepthwiseTile& t) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  constexpr int kColumns = (kTile - 1) * kStride + kWindow;
  const int64_t pixel_bytes = t.channels * kFloatBytes;
  for (int64_t next = 0; next < t.channels; next += kLanes) {
    const int64_t c = std::min(next, t.channels - kLanes);  // the last vector overlaps the one before
    V sum[kTile];
#pragma GCC unroll 8
    for (int i = 0; i < kTile; i++) sum[i] = hn::Zero(d);
    for (int64_t row = 0; row < t.rows; row++) {
      const std::byte* const x = t.x_rows[row];
      const std::byte* const zeros = t.zeros + c * kFloatBytes;
      int64_t offset = t.origin * pixel_bytes + c * kFloatBytes;
      V w[kWindow];
#pragma GCC unroll 5
      for (int k = 0; k < kWindow; k++) w[k] = load(d, t.w_rows[row] + (k * t.channels + c) * kFloatBytes);
#pragma GCC unroll 24
      for (int j = 0; j < kColumns; j++) {
        const bool inside = !kEdge || (t.origin + j >= 0 && t.origin + j < t.columns);
        const V value = load(d, inside ? x + offset : zeros);
        offset += pixel_bytes;
#pragma GCC unroll 8
        for (int i = 0; i < kTile; i++) {
          const int k = j - i * kStride;
          if (k >= 0 && k < kWindow) sum[i] = hn::MulAdd(value, w[k], sum[i]);
        }
      }
    }
    finish<kTile>(t, c, sum);
  }
}

// Any window.
template <int kTile>
void general_tile(const DepthwiseTile& t) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  for (int64_t next = 0; next < t.channels; next += kLanes) {
    const int64_t c = std::min(next, t.channels - kLanes);
    V sum[kTile];
#pragma GCC unroll 8
    for (int i = 0; i < kTile; i++) sum[i] = hn::Zero(d);
    for (int64_t row = 0; row < t.rows; row++) {
      const std::byte* const x = t.x_rows[row] + c * kFloatBytes;
      for (int64_t k = 0; k < t.window; k++) {
        const V w = load(d, t.w_rows[row] + (k * t.channels + c) * kFloatBytes);
#pragma GCC unroll 8
        for (int i = 0; i < kTile; i++) {
          const int64_t column = t.origin + i * t.stride + k * t.dilation;
          if (column >= 0 && column < t.columns) {
            sum[i] = hn::MulAdd(load(d, x + column * t.channels * kFloatBytes), w, sum[i]);
          }
        }
      }
    }
    finish<kTile>(t, c, sum);
  }
}

template <int kTile, int kWindow, int kStride>
void known_tile(const DepthwiseTile& t) {
  const int64_t end = t.origin + (kTile - 1) * kStride + kWindow;
  if (t.origin >= 0 && end <= t.columns) {
    known_tile<kTile, kWindow, kStride, false>(t);
  } else {
    known_tile<kTile, kWindow, kStride, true>(t);
  }
}

template <int kTile>
void tile(const DepthwiseTile& t) {
  const bool known = t.dilation == 1 && (t.window == 3 || t.window == 5) && t.stride <= 2;
  if (!known) return general_tile<kTile>(t);
  if (t.window == 3) return t.stride == 1 ? known_tile<kTile, 3, 1>(t) : known_tile<kTile, 3, 2>(t);
  return t.stride == 1 ? known_tile<kTile, 5, 1>(t) : known_tile<kTile, 5, 2>(t);
}

template <int... kTile>
DepthwiseTiles make_tiles(std::integer_sequence<int, kTile...>) {
  return {static_cast<int>(hn::MaxLanes(D())), kMaxTile, {nullptr, tile<kTile + 1>...}};
}

}  // namespace

const DepthwiseTiles* choose_depthwise_tiles() {
  static const DepthwiseTiles tiles = make_tiles(std::make_integer_sequence<int, kMaxTile>());
  return &tiles;
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

HWY_EXPORT(choose_depthwise_tiles);

const DepthwiseTiles& depthwise_tiles() {
  return *HWY_DYNAMIC_DISPATCH(choose_depthwise_tiles)();
}

}  // namespace cornu::kernels
#endif
