#include "kernels/channels.h"

#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_channels.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {

// Calls fn(tag, c, at) for each row, whole vectors of channels first; `at` counts floats from the first row.
template <class Fn>
void for_rows(int64_t rows, int64_t channels, Fn fn) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 1> one;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t row = 0; row < rows; row++) {
    const int64_t from = row * channels;
    int64_t c = 0;
    for (; c + lanes <= channels; c += lanes) fn(d, c, from + c);
    for (; c < channels; c++) fn(one, c, from + c);
  }
}

void add_rows_simd(const float* x, int64_t rows, int64_t channels, float* sums) {
  for_rows(rows, channels, [&](auto d, int64_t c, int64_t at) {
    hn::StoreU(hn::Add(hn::LoadU(d, sums + c), hn::LoadU(d, x + at)), d, sums + c);
  });
}

void add_squares_simd(const float* x, int64_t rows, int64_t channels, const float* mean, float* squares) {
  for_rows(rows, channels, [&](auto d, int64_t c, int64_t at) {
    const auto distance = hn::Sub(hn::LoadU(d, x + at), hn::LoadU(d, mean + c));
    hn::StoreU(hn::MulAdd(distance, distance, hn::LoadU(d, squares + c)), d, squares + c);
  });
}

void scale_rows_simd(const float* x, int64_t rows, int64_t channels, const float* scale, const float* shift,
                     float* y) {
  for_rows(rows, channels, [&](auto d, int64_t c, int64_t at) {
    hn::StoreU(hn::MulAdd(hn::LoadU(d, x + at), hn::LoadU(d, scale + c), hn::LoadU(d, shift + c)), d, y + at);
  });
}

void add_products_simd(const float* x, const float* dy, int64_t rows, int64_t channels, const float* mean,
                       float* sums, float* products) {
  for_rows(rows, channels, [&](auto d, int64_t c, int64_t at) {
    const auto slope = hn::LoadU(d, dy + at);
    const auto distance = hn::Sub(hn::LoadU(d, x + at), hn::LoadU(d, mean + c));
    hn::StoreU(hn::Add(hn::LoadU(d, sums + c), slope), d, sums + c);
    hn::StoreU(hn::MulAdd(slope, distance, hn::LoadU(d, products + c)), d, products + c);
  });
}

void combine_rows_simd(const float* x, const float* dy, int64_t rows, int64_t channels, const float* a,
                       const float* b, const float* shift, float* dx) {
  for_rows(rows, channels, [&](auto d, int64_t c, int64_t at) {
    const auto rest = hn::MulAdd(hn::LoadU(d, x + at), hn::LoadU(d, b + c), hn::LoadU(d, shift + c));
    hn::StoreU(hn::MulAdd(hn::LoadU(d, dy + at), hn::LoadU(d, a + c), rest), d, dx + at);
  });
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

HWY_EXPORT(add_rows_simd);
HWY_EXPORT(add_squares_simd);
HWY_EXPORT(scale_rows_simd);
HWY_EXPORT(add_products_simd);
HWY_EXPORT(combine_rows_simd);

void add_rows(const float* x, int64_t rows, int64_t channels, float* sums) {
  HWY_DYNAMIC_DISPATCH(add_rows_simd)(x, rows, channels, sums);
}

void add_squares(const float* x, int64_t rows, int64_t channels, const float* mean, float* squares) {
  HWY_DYNAMIC_DISPATCH(add_squares_simd)(x, rows, channels, mean, squares);
}

void scale_rows(const float* x, int64_t rows, int64_t channels, const float* scale, const float* shift,
                float* y) {
  HWY_DYNAMIC_DISPATCH(scale_rows_simd)(x, rows, channels, scale, shift, y);
}

void add_products(const float* x, const float* dy, int64_t rows, int64_t channels, const float* mean,
                  float* sums, float* products) {
  HWY_DYNAMIC_DISPATCH(add_products_simd)(x, dy, rows, channels, mean, sums, products);
}

void combine_rows(const float* x, const float* dy, int64_t rows, int64_t channels, const float* a,
                  const float* b, const float* shift, float* dx) {
  HWY_DYNAMIC_DISPATCH(combine_rows_simd)(x, dy, rows, channels, a, b, shift, dx);
}

}  // namespace cornu::kernels
#endif
