// Highway with this project's choice of targets, and loads from any byte address. To be included after
// foreach_target.h, once per target.
#if defined(CORNU_KERNELS_SIMD_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_SIMD_INL_H
#undef CORNU_KERNELS_SIMD_INL_H
#else
#define CORNU_KERNELS_SIMD_INL_H
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// AVX2 and older have 16 vector registers, AVX-512 and NEON 32; the portable fallback spills beyond few
// anyway.
constexpr bool kManyRegisters =
    HWY_TARGET != HWY_AVX2 && HWY_TARGET != HWY_EMU128 && HWY_TARGET != HWY_SCALAR;

// A vector of the floats at p, which may have any alignment.
template <class D>
HWY_INLINE hn::Vec<D> load(D d, const std::byte* p) {
  return hn::LoadU(d, reinterpret_cast<const float*>(p));
}

// The float at p, which may have any alignment, in every lane.
template <class D>
HWY_INLINE hn::Vec<D> broadcast(D d, const std::byte* p) {
  float value;
  std::memcpy(&value, p, sizeof value);
  return hn::Set(d, value);
}

// lo where x < lo, hi where x > hi, else x: a NaN stays.
template <class V>
HWY_INLINE V clamp(V x, V lo, V hi) {
  x = hn::IfThenElse(hn::Lt(x, lo), lo, x);
  return hn::IfThenElse(hn::Gt(x, hi), hi, x);
}

// The larger of each pair; NaN if either is NaN.
template <class V>
HWY_INLINE V max_or_nan(V a, V b) {
  return hn::IfThenElse(hn::Or(hn::Lt(a, b), hn::Not(hn::Eq(b, b))), b, a);  // Ne would be false for NaN
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
