#include <cstring>

#include "kernels/binary.h"
#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_binary.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int64_t kFloatBytes = sizeof(float);

// `count` floats at p, or zeros beyond them; a single float in every lane if it is repeated.
struct Reader {
  const std::byte* p;
  bool repeats;

  HWY_INLINE V at(int64_t i) const {
    const D d;
    return repeats ? broadcast(d, p) : load(d, p + i * kFloatBytes);
  }
  V rest(int64_t i, int64_t count) const {
    const D d;
    if (repeats) return broadcast(d, p);
    alignas(HWY_MAX_BYTES) float buffer[hn::MaxLanes(D())] = {};
    std::memcpy(buffer, p + i * kFloatBytes, static_cast<size_t>(count * kFloatBytes));
    return hn::Load(d, buffer);
  }
};

template <class Fn>
HWY_INLINE void combine_readers(Reader a, Reader b, float* y, int64_t count, Fn fn) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) hn::StoreU(fn(a.at(i), b.at(i)), d, y + i);
  if (i >= count) return;
  alignas(HWY_MAX_BYTES) float buffer[hn::MaxLanes(D())];
  hn::Store(fn(a.rest(i, count - i), b.rest(i, count - i)), d, buffer);
  std::memcpy(y + i, buffer, static_cast<size_t>((count - i) * kFloatBytes));
}

}  // namespace

void combine_run(Binary op, const std::byte* a, bool a_repeats, const std::byte* b, bool b_repeats, float* y,
                 int64_t count) {
  const auto run = [&](auto fn) HWY_ATTR {
    if (a_repeats) {
      combine_readers({a, true}, {b, b_repeats}, y, count, fn);
    } else if (b_repeats) {
      combine_readers({a, false}, {b, true}, y, count, fn);
    } else {
      combine_readers({a, false}, {b, false}, y, count, fn);
    }
  };
  switch (op) {
    case Binary::add:
      return run([](V p, V q) HWY_ATTR { return hn::Add(p, q); });
    case Binary::sub:
      return run([](V p, V q) HWY_ATTR { return hn::Sub(p, q); });
    case Binary::mul:
      return run([](V p, V q) HWY_ATTR { return hn::Mul(p, q); });
    case Binary::div:
      return run([](V p, V q) HWY_ATTR { return hn::Div(p, q); });
    case Binary::maximum:
      return run([](V p, V q) HWY_ATTR { return max_or_nan(p, q); });
    case Binary::minimum:
      return run([](V p, V q) HWY_ATTR { return hn::Neg(max_or_nan(hn::Neg(p), hn::Neg(q))); });
    case Binary::squared_difference:
      return run([](V p, V q) HWY_ATTR {
        const V difference = hn::Sub(p, q);
        return hn::Mul(difference, difference);
      });
  }
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

HWY_EXPORT(combine_run);

void combine(Binary op, const std::byte* a, bool a_repeats, const std::byte* b, bool b_repeats, float* y,
             int64_t count) {
  HWY_DYNAMIC_DISPATCH(combine_run)(op, a, a_repeats, b, b_repeats, y, count);
}

}  // namespace cornu::kernels
#endif
