#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/kernel.h"
#include "kernels/rows.h"
#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_rows.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int64_t kFloatBytes = sizeof(float);
constexpr float kInfinity = std::numeric_limits<float>::infinity();
// Sums of so many floats are added to a total that keeps what each addition loses: errors do not grow with the length.
constexpr int64_t kSumBlock = 16;
constexpr int64_t kFewColumns = 24;  // a row of them is too short to fill vectors

// Adds value to total; `lost` takes the rounding errors back (Kahan, 1965).
HWY_INLINE void add_exactly(V& total, V& lost, V value) {
  const V corrected = hn::Sub(value, lost);
  const V next = hn::Add(total, corrected);
  lost = hn::Sub(hn::Sub(next, total), corrected);
  total = next;
}

// The floats [i, i + lanes) of [0, count) at p; `fill` beyond the end.
HWY_INLINE V load_filled(const std::byte* p, int64_t i, int64_t count, float fill) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  if (i + kLanes <= count) return load(d, p + i * kFloatBytes);
  alignas(HWY_MAX_BYTES) float buffer[hn::MaxLanes(D())];
  std::fill_n(buffer, kLanes, fill);
  std::memcpy(buffer, p + i * kFloatBytes, static_cast<size_t>((count - i) * kFloatBytes));
  return hn::Load(d, buffer);
}

HWY_INLINE void store_part(V value, float* y, int64_t i, int64_t count) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  if (i + kLanes <= count) return hn::StoreU(value, d, y + i);
  alignas(HWY_MAX_BYTES) float buffer[hn::MaxLanes(D())];
  hn::Store(value, d, buffer);
  std::memcpy(y + i, buffer, static_cast<size_t>((count - i) * kFloatBytes));
}

// The sum over a row of fn(vector, its place), in blocks. The last vector is filled up with `fill`.
template <class Fn>
HWY_INLINE float sum_of(const std::byte* x, int64_t columns, float fill, Fn fn) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  V total = hn::Zero(d), lost = hn::Zero(d);
  const int64_t whole = columns / kLanes * kLanes;
  for (int64_t block = 0; block < whole; block += kSumBlock * kLanes) {
    V sum = hn::Zero(d);
    const int64_t end = std::min(whole, block + kSumBlock * kLanes);
    for (int64_t i = block; i < end; i += kLanes) sum = hn::Add(sum, fn(load(d, x + i * kFloatBytes), i));
    add_exactly(total, lost, sum);
  }
  if (whole < columns) add_exactly(total, lost, fn(load_filled(x, whole, columns, fill), whole));
  return hn::GetLane(hn::SumOfLanes(d, total));
}

float largest_of(const std::byte* x, int64_t columns) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  V most = hn::Set(d, -kInfinity);
  for (int64_t i = 0; i < columns; i += kLanes)
    most = max_or_nan(most, load_filled(x, i, columns, -kInfinity));
  alignas(HWY_MAX_BYTES) float lanes[hn::MaxLanes(D())];
  hn::Store(most, d, lanes);
  float result = lanes[0];
  for (float lane : lanes) {
    if (lane > result || std::isnan(lane)) result = lane;
  }
  return result;
}

}  // namespace

// Rows of few columns, as many at a time as a vector has lanes: lane r of column c is x[r, c].
template <class Finish>
HWY_INLINE void softmax_block(const std::byte* x, int64_t rows, int64_t columns, float* y, Finish finish) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  alignas(HWY_MAX_BYTES) float turned[kFewColumns * hn::MaxLanes(D())];
  std::fill_n(turned, columns * kLanes, 0.0F);
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < columns; c++) turned[c * kLanes + r] = load_at<float>(x, r * columns + c);
  }
  V most = hn::Load(d, turned);
  for (int64_t c = 1; c < columns; c++) most = max_or_nan(most, hn::Load(d, turned + c * kLanes));
  finish(turned, most);
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < columns; c++) y[r * columns + c] = turned[c * kLanes + r];
  }
}

void softmax_one(const std::byte* x, float* y, int64_t columns) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  const V most = hn::Set(d, largest_of(x, columns));
  const float sum = sum_of(x, columns, -kInfinity, [&](V value, int64_t i) HWY_ATTR {
    const V e = exp_negative(d, hn::Sub(value, most));
    store_part(e, y, i, columns);
    return e;
  });
  const V inverse = hn::Set(d, 1.0F / sum);
  const auto* e = reinterpret_cast<const std::byte*>(y);
  for (int64_t i = 0; i < columns; i += kLanes)
    store_part(hn::Mul(load_filled(e, i, columns, 0), inverse), y, i, columns);
}

void log_softmax_one(const std::byte* x, float* y, int64_t columns) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  const V most = hn::Set(d, largest_of(x, columns));
  const float sum = sum_of(x, columns, -kInfinity,
                           [&](V value, int64_t) HWY_ATTR { return exp_negative(d, hn::Sub(value, most)); });
  const V log_sum = hn::Set(d, std::log(sum));
  for (int64_t i = 0; i < columns; i += kLanes)
    store_part(hn::Sub(hn::Sub(load_filled(x, i, columns, 0), most), log_sum), y, i, columns);
}

void softmax_many(const std::byte* x, int64_t rows, int64_t columns, bool is_log, float* y) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  const auto one = is_log ? log_softmax_one : softmax_one;
  if (columns > kFewColumns) {
    for (int64_t r = 0; r < rows; r++) one(x + r * columns * kFloatBytes, y + r * columns, columns);
    return;
  }
  const auto plain = [&](float* turned, V most) HWY_ATTR {
    V sum = hn::Zero(d);
    for (int64_t c = 0; c < columns; c++) {
      const V e = exp_negative(d, hn::Sub(hn::Load(d, turned + c * kLanes), most));
      hn::Store(e, d, turned + c * kLanes);
      sum = hn::Add(sum, e);
    }
    const V inverse = hn::Div(hn::Set(d, 1.0F), sum);
    for (int64_t c = 0; c < columns; c++)
      hn::Store(hn::Mul(hn::Load(d, turned + c * kLanes), inverse), d, turned + c * kLanes);
  };
  const auto logarithm = [&](float* turned, V most) HWY_ATTR {
    V sum = hn::Zero(d);
    for (int64_t c = 0; c < columns; c++)
      sum = hn::Add(sum, exp_negative(d, hn::Sub(hn::Load(d, turned + c * kLanes), most)));
    const V log_sum = log(d, sum);
    for (int64_t c = 0; c < columns; c++)
      hn::Store(hn::Sub(hn::Sub(hn::Load(d, turned + c * kLanes), most), log_sum), d, turned + c * kLanes);
  };
  for (int64_t r = 0; r < rows; r += kLanes) {
    const int64_t count = std::min(kLanes, rows - r);
    const std::byte* const from = x + r * columns * kFloatBytes;
    if (is_log) {
      softmax_block(from, count, columns, y + r * columns, logarithm);
    } else {
      softmax_block(from, count, columns, y + r * columns, plain);
    }
  }
}

void normalize_one(const std::byte* x, const std::byte* gamma, const std::byte* beta, double epsilon,
                   float* y, int64_t columns) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  const auto itself = [](V value, int64_t) HWY_ATTR { return value; };
  const float mean = sum_of(x, columns, 0, itself) / static_cast<float>(columns);
  const V center = hn::Set(d, mean);
  const float squares = sum_of(x, columns, mean, [&](V value, int64_t) HWY_ATTR {
    const V difference = hn::Sub(value, center);
    return hn::Mul(difference, difference);
  });
  const double variance = static_cast<double>(squares) / static_cast<double>(columns);
  const V inverse = hn::Set(d, static_cast<float>(1 / std::sqrt(variance + epsilon)));
  // `read` gives the vector of a pointer at i.
  const auto normal = [&](int64_t i, auto read) HWY_ATTR {
    V value = hn::Mul(hn::Sub(read(x, i), center), inverse);
    if (gamma != nullptr) value = hn::Mul(value, read(gamma, i));
    return beta != nullptr ? hn::Add(value, read(beta, i)) : value;
  };
  int64_t i = 0;
  for (; i + kLanes <= columns; i += kLanes) {
    const auto read = [d](const std::byte* p, int64_t at) HWY_ATTR { return load(d, p + at * kFloatBytes); };
    hn::StoreU(normal(i, read), d, y + i);
  }
  if (i == columns) return;
  store_part(normal(i, [columns](const std::byte* p, int64_t at)
                           HWY_ATTR { return load_filled(p, at, columns, 0); }),
             y, i, columns);
}

void reduce_many(Reduction reduction, const std::byte* x, int64_t rows, int64_t row_bytes, int64_t columns,
                 float* y) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  const V factor = hn::Set(d, reduction == Reduction::mean ? 1.0F / static_cast<float>(rows) : 1.0F);
  for (int64_t c = 0; c < columns; c += kLanes) {
    if (reduction == Reduction::max) {
      V most = hn::Set(d, -kInfinity);
      for (int64_t r = 0; r < rows; r++)
        most = max_or_nan(most, load_filled(x + r * row_bytes, c, columns, 0));
      store_part(most, y, c, columns);
      continue;
    }
    V total = hn::Zero(d), lost = hn::Zero(d);
    for (int64_t block = 0; block < rows; block += kSumBlock) {
      V sum = hn::Zero(d);
      const int64_t end = std::min(rows, block + kSumBlock);
      for (int64_t r = block; r < end; r++) sum = hn::Add(sum, load_filled(x + r * row_bytes, c, columns, 0));
      add_exactly(total, lost, sum);
    }
    store_part(hn::Mul(total, factor), y, c, columns);
  }
}

float reduce_one(Reduction reduction, const std::byte* x, int64_t columns) {
  if (reduction == Reduction::max) return largest_of(x, columns);
  const float sum = sum_of(x, columns, 0, [](V value, int64_t) HWY_ATTR { return value; });
  return reduction == Reduction::mean ? sum / static_cast<float>(columns) : sum;
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

HWY_EXPORT(softmax_many);
HWY_EXPORT(normalize_one);
HWY_EXPORT(reduce_many);
HWY_EXPORT(reduce_one);

void softmax_rows(const std::byte* x, int64_t rows, int64_t columns, bool is_log, float* y) {
  HWY_DYNAMIC_DISPATCH(softmax_many)(x, rows, columns, is_log, y);
}

void normalize_row(const std::byte* x, const std::byte* gamma, const std::byte* beta, double epsilon,
                   float* y, int64_t columns) {
  HWY_DYNAMIC_DISPATCH(normalize_one)(x, gamma, beta, epsilon, y, columns);
}

void reduce_rows(Reduction reduction, const std::byte* x, int64_t rows, int64_t row_bytes, int64_t columns,
                 float* y) {
  HWY_DYNAMIC_DISPATCH(reduce_many)(reduction, x, rows, row_bytes, columns, y);
}

float reduce_row(Reduction reduction, const std::byte* x, int64_t columns) {
  return HWY_DYNAMIC_DISPATCH(reduce_one)(reduction, x, columns);
}

}  // namespace cornu::kernels
#endif
