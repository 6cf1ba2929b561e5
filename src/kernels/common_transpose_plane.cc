#include <cstring>

#include "kernels/simd_targets.h"
#include "kernels/transpose_plane.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_transpose_plane.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

constexpr int64_t kFloatBytes = sizeof(float);

#if HWY_TARGET != HWY_SCALAR
// y[j][i] = x[i][j] for i, j in [0, 4); rows are x_row and y_row floats apart.
HWY_INLINE void turn_block(const std::byte* x, int64_t x_row, float* y, int64_t y_row) {
  const hn::FixedTag<float, 4> d;
  const hn::FixedTag<double, 2> pairs;
  const auto a = load(d, x);
  const auto b = load(d, x + x_row * kFloatBytes);
  const auto c = load(d, x + 2 * x_row * kFloatBytes);
  const auto e = load(d, x + 3 * x_row * kFloatBytes);
  const auto ab_low = hn::BitCast(pairs, hn::InterleaveLower(d, a, b));  // a0 b0 a1 b1
  const auto ab_high = hn::BitCast(pairs, hn::InterleaveUpper(d, a, b));
  const auto ce_low = hn::BitCast(pairs, hn::InterleaveLower(d, c, e));
  const auto ce_high = hn::BitCast(pairs, hn::InterleaveUpper(d, c, e));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, ab_low, ce_low)), d, y);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, ab_low, ce_low)), d, y + y_row);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, ab_high, ce_high)), d, y + 2 * y_row);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, ab_high, ce_high)), d, y + 3 * y_row);
}
#else
HWY_INLINE void turn_block(const std::byte* x, int64_t x_row, float* y, int64_t y_row) {
  for (int64_t i = 0; i < 4; i++) {
    for (int64_t j = 0; j < 4; j++)
      std::memcpy(y + j * y_row + i, x + (i * x_row + j) * kFloatBytes, sizeof(float));
  }
}
#endif

}  // namespace

void turn_plane(const std::byte* x, int64_t x_row, int64_t rows, int64_t columns, float* y, int64_t y_row) {
  const int64_t whole_rows = rows / 4 * 4;
  const int64_t whole_columns = columns / 4 * 4;
  for (int64_t i = 0; i < whole_rows; i += 4) {
    for (int64_t j = 0; j < whole_columns; j += 4)
      turn_block(x + (i * x_row + j) * kFloatBytes, x_row, y + j * y_row + i, y_row);
  }
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = i < whole_rows ? whole_columns : 0; j < columns; j++)
      std::memcpy(y + j * y_row + i, x + (i * x_row + j) * kFloatBytes, sizeof(float));
  }
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

HWY_EXPORT(turn_plane);

void transpose_plane(const std::byte* x, int64_t x_row, int64_t rows, int64_t columns, float* y,
                     int64_t y_row) {
  HWY_DYNAMIC_DISPATCH(turn_plane)(x, x_row, rows, columns, y, y_row);
}

}  // namespace cornu::kernels
#endif
