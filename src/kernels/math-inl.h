// exp and its relatives on vectors of floats. Accurate to a few units in the last place over the whole range,
// also for results that are subnormal; infinities give limits, NaN gives NaN. To be included after
// foreach_target.h, once per target.
#if defined(CORNU_KERNELS_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_MATH_INL_H
#undef CORNU_KERNELS_MATH_INL_H
#else
#define CORNU_KERNELS_MATH_INL_H
#endif

#include <cmath>
#include <limits>

#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {

// The vector of integers as wide as that of floats.
template <class D>
using Integers = hn::Vec<hn::RebindToSigned<D>>;

// x = n ln 2 + r with an integer n and |r| <= ln(2) / 2, for |x| < 2^21; anything for n if x is NaN. Adding 1.5 * 2^23 moves n
// into the last bits of a float.
template <class D>
HWY_INLINE hn::Vec<D> reduce_by_ln2(D d, hn::Vec<D> x, Integers<D>& n) {
  const hn::RebindToSigned<D> integers;
  const hn::Vec<D> magic = hn::Set(d, 12582912.0F);
  const hn::Vec<D> moved = hn::MulAdd(x, hn::Set(d, 1.44269504F), magic);  // 1 / ln 2
  n = hn::Sub(hn::BitCast(integers, moved), hn::BitCast(integers, magic));
  const hn::Vec<D> whole = hn::Sub(moved, magic);
  // ln 2 in two parts: the first has 9 bits, so that its product with n is exact.
  const hn::Vec<D> r = hn::NegMulAdd(whole, hn::Set(d, 0.693359375F), x);
  return hn::NegMulAdd(whole, hn::Set(d, -2.12194440e-4F), r);
}

// 2^n for an integer n in [-126, 127].
template <class D>
HWY_INLINE hn::Vec<D> power_of_two(D d, Integers<D> n) {
  const hn::RebindToSigned<D> integers;
  return hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(n, hn::Set(integers, 127))));
}

// (exp(r) - 1 - r) / r^2 for |r| <= ln(2) / 2: Taylor's series; the remainder in exp(r) is below 6e-9.
template <class D>
HWY_INLINE hn::Vec<D> exp_series(D d, hn::Vec<D> r) {
  hn::Vec<D> p = hn::Set(d, 1.0F / 5040);
  p = hn::MulAdd(p, r, hn::Set(d, 1.0F / 720));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0F / 120));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0F / 24));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0F / 6));
  return hn::MulAdd(p, r, hn::Set(d, 0.5F));
}

// Error: 2 units in the last place.
template <class D>
HWY_INLINE hn::Vec<D> exp(D d, hn::Vec<D> x) {
  // Beyond these the result is 0 or infinite in float.
  x = clamp(x, hn::Set(d, -104.0F), hn::Set(d, 89.0F));
  Integers<D> n;
  const hn::Vec<D> r = reduce_by_ln2(d, x, n);
  const hn::Vec<D> p = hn::Add(hn::MulAdd(hn::Mul(r, r), exp_series(d, r), r), hn::Set(d, 1.0F));
  // In two factors, because n reaches from -150 to 128.
  const Integers<D> half = hn::ShiftRight<1>(n);
  return hn::Mul(hn::Mul(p, power_of_two(d, half)), power_of_two(d, hn::Sub(n, half)));
}

// exp(x) for x <= 0; results below 2^-126 are 0. Error: 2 units in the last place.
template <class D>
HWY_INLINE hn::Vec<D> exp_negative(D d, hn::Vec<D> x) {
  const hn::Vec<D> least = hn::Set(d, -87.3F);
  const auto vanishes = hn::Lt(x, least);
  Integers<D> n;
  const hn::Vec<D> r = reduce_by_ln2(d, hn::IfThenElse(vanishes, least, x), n);
  const hn::Vec<D> p = hn::Add(hn::MulAdd(hn::Mul(r, r), exp_series(d, r), r), hn::Set(d, 1.0F));
  return hn::IfThenZeroElse(vanishes, hn::Mul(p, power_of_two(d, n)));
}

// exp(x) - 1 for x <= 0 (any result above). Error: 3 units in the last place.
template <class D>
HWY_INLINE hn::Vec<D> expm1_negative(D d, hn::Vec<D> x) {
  const hn::Vec<D> one = hn::Set(d, 1.0F);
  x = clamp(x, hn::Set(d, -20.0F), hn::Zero(d));  // exp(-20) is below half a unit of -1
  Integers<D> n;
  const hn::Vec<D> r = reduce_by_ln2(d, x, n);
  const hn::Vec<D> p = hn::MulAdd(hn::Mul(r, r), exp_series(d, r), r);
  const hn::Vec<D> scale = power_of_two(d, n);
  return hn::MulAdd(scale, p, hn::Sub(scale, one));
}

// x = 2^e m with m in [sqrt(1/2), sqrt(2)); then log(m) = 2 artanh(s) = 2 (s + s^3 / 3 + ...) with s = (m - 1) / (m + 1), of
// which |s| <= 0.172 leaves 4e-9 of the sum after s^9. Error: 3 units in the last place.
template <class D>
HWY_INLINE hn::Vec<D> log(D d, hn::Vec<D> x) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const hn::RebindToSigned<D> integers;
  const auto is_tiny = hn::Lt(x, hn::Set(d, std::numeric_limits<float>::min()));
  const hn::Vec<D> scaled =
      hn::IfThenElse(is_tiny, hn::Mul(x, hn::Set(d, 8388608.0F)), x);  // 2^23: no subnormal numbers
  const auto bits = hn::BitCast(integers, scaled);
  const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(integers, 0x3f3504f3)));  // of sqrt(1/2)
  const hn::Vec<D> m = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
  const hn::Vec<D> e = hn::Sub(hn::ConvertTo(d, exponent), hn::IfThenElseZero(is_tiny, hn::Set(d, 23.0F)));
  const hn::Vec<D> f = hn::Sub(m, hn::Set(d, 1.0F));
  const hn::Vec<D> s = hn::Div(f, hn::Add(f, hn::Set(d, 2.0F)));
  const hn::Vec<D> t = hn::Mul(s, s);
  hn::Vec<D> p = hn::MulAdd(hn::Set(d, 2.0F / 9), t, hn::Set(d, 2.0F / 7));
  p = hn::MulAdd(p, t, hn::Set(d, 2.0F / 5));
  p = hn::MulAdd(p, t, hn::Set(d, 2.0F / 3));
  const hn::Vec<D> log_m = hn::MulAdd(hn::Mul(p, t), s, hn::Add(s, s));
  // ln 2 in two parts as in reduce_by_ln2.
  const hn::Vec<D> y =
      hn::MulAdd(e, hn::Set(d, 0.693359375F), hn::MulAdd(e, hn::Set(d, -2.12194440e-4F), log_m));
  const hn::Vec<D> special = hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Set(d, -kInfinity),
                                            hn::IfThenElse(hn::Gt(x, hn::Zero(d)), x, hn::Set(d, NAN)));
  const auto is_usual = hn::And(hn::Gt(x, hn::Zero(d)), hn::Lt(x, hn::Set(d, kInfinity)));
  return hn::IfThenElse(is_usual, y, special);
}

// log(1 + e) for e in [0, 1]: with s = e / (2 + e) it is 2 artanh(s) = 2 (s + s^3/3 + s^5/5 + ...); s <= 1/3,
// so that the terms after s^15 are below 2e-9 of the sum.
template <class D>
HWY_INLINE hn::Vec<D> log1p_unit(D d, hn::Vec<D> e) {
  const hn::Vec<D> s = hn::Div(e, hn::Add(e, hn::Set(d, 2.0F)));
  const hn::Vec<D> t = hn::Mul(s, s);
  hn::Vec<D> p = hn::Set(d, 2.0F / 15);
  p = hn::MulAdd(p, t, hn::Set(d, 2.0F / 13));
  p = hn::MulAdd(p, t, hn::Set(d, 2.0F / 11));
  p = hn::MulAdd(p, t, hn::Set(d, 2.0F / 9));
  p = hn::MulAdd(p, t, hn::Set(d, 2.0F / 7));
  p = hn::MulAdd(p, t, hn::Set(d, 2.0F / 5));
  p = hn::MulAdd(p, t, hn::Set(d, 2.0F / 3));
  return hn::MulAdd(hn::Mul(p, t), s, hn::Add(s, s));
}

template <class D>
HWY_INLINE hn::Vec<D> sigmoid(D d, hn::Vec<D> x) {
  const hn::Vec<D> one = hn::Set(d, 1.0F);
  const hn::Vec<D> e = exp(d, hn::Neg(hn::Abs(x)));
  const hn::Vec<D> upper = hn::Div(one, hn::Add(one, e));
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Mul(e, upper), upper);
}

// The same without a care for results below 2^-126: they may be anything up to it. Error: 3 units in the last place.
template <class D>
HWY_INLINE hn::Vec<D> sigmoid_normal(D d, hn::Vec<D> x) {
  Integers<D> n;
  const hn::Vec<D> bounded = clamp(x, hn::Set(d, -87.0F), hn::Set(d, 87.0F));  // exp stays a normal number
  const hn::Vec<D> r = reduce_by_ln2(d, hn::Neg(bounded), n);
  const hn::Vec<D> p = hn::Add(hn::MulAdd(hn::Mul(r, r), exp_series(d, r), r), hn::Set(d, 1.0F));
  return hn::Div(hn::Set(d, 1.0F), hn::MulAdd(p, power_of_two(d, n), hn::Set(d, 1.0F)));
}

// x P(x^2) / Q(x^2), fitted to the smallest relative error for |x| <= 9: 2e-8; beyond, the result is 1. Error: 4 units in
// the last place, 6 without fused multiplication.
template <class D>
HWY_INLINE hn::Vec<D> tanh(D d, hn::Vec<D> x) {
  const hn::Vec<D> nine = hn::Set(d, 9.0F);
  const hn::Vec<D> one = hn::Set(d, 1.0F);
  const hn::Vec<D> magnitude = hn::Abs(x);
  const hn::Vec<D> a = hn::IfThenElse(hn::Gt(magnitude, nine), nine, magnitude);
  const hn::Vec<D> t = hn::Mul(a, a);
  hn::Vec<D> p = hn::MulAdd(hn::Set(d, 1.33534126e-08F), t, hn::Set(d, 2.06081841e-05F));
  hn::Vec<D> q = hn::MulAdd(hn::Set(d, 7.77604669e-07F), t, hn::Set(d, 3.28554627e-04F));
  p = hn::MulAdd(p, t, hn::Set(d, 3.49553442e-03F));
  q = hn::MulAdd(q, t, hn::Set(d, 2.58767791e-02F));
  p = hn::MulAdd(p, t, hn::Set(d, 1.33809805e-01F));
  q = hn::MulAdd(q, t, hn::Set(d, 4.67142969e-01F));
  p = hn::MulAdd(p, t, one);
  q = hn::MulAdd(q, t, one);
  const hn::Vec<D> y = hn::Div(hn::Mul(a, p), q);
  return hn::CopySign(hn::IfThenElse(hn::Gt(y, one), one, y), x);
}

// x^2 - square, where square is x^2 rounded. Without fused multiplication x is split into two halves of 12 bits, whose
// products are exact (Dekker, 1971).
template <class D>
HWY_INLINE hn::Vec<D> rounding_of_square(D d, hn::Vec<D> x, hn::Vec<D> square) {
#if HWY_NATIVE_FMA
  (void)d;
  return hn::MulSub(x, x, square);
#else
  const hn::RebindToUnsigned<D> bits;
  const hn::Vec<D> upper = hn::BitCast(d, hn::And(hn::BitCast(bits, x), hn::Set(bits, 0xfffff000U)));
  const hn::Vec<D> lower = hn::Sub(x, upper);
  const hn::Vec<D> cross = hn::Mul(upper, hn::Add(lower, lower));
  return hn::Sub(hn::Mul(lower, lower), hn::Sub(hn::Sub(square, hn::Mul(upper, upper)), cross));
#endif
}

// erfc(|x| / sqrt(2)), in the form exp(-x^2 / 2) t P(t) with t = 1 / (1 + 0.3 |x|).
// P interpolates at the 10 Chebyshev nodes of t for |x| in [0, 14]; its relative error is 5e-9.
template <class D>
HWY_INLINE hn::Vec<D> erfc_scaled(D d, hn::Vec<D> x) {
  constexpr float kP[] = {2.393753863e-01F, 2.391035265e-01F,  2.208103596e-01F, 1.551781290e-01F,
                          1.969614798e-01F, -1.674850969e-01F, 3.938813527e-01F, -4.640769648e-01F,
                          2.280805437e-01F, -4.182871936e-02F};
  const hn::Vec<D> one = hn::Set(d, 1.0F);
  const hn::Vec<D> t = hn::Div(one, hn::MulAdd(hn::Abs(x), hn::Set(d, 0.3F), one));
  hn::Vec<D> p = hn::Set(d, kP[9]);
#pragma GCC unroll 9
  for (int i = 8; i >= 0; i--) p = hn::MulAdd(p, t, hn::Set(d, kP[i]));
  // The square's rounding error would count x^2-fold in exp: it is taken back to first order.
  const hn::Vec<D> half = hn::Set(d, 0.5F);
  const hn::Vec<D> square = hn::Mul(x, x);
  const hn::Vec<D> lost = rounding_of_square(d, x, square);
  const hn::Vec<D> e = exp_negative(d, hn::Mul(square, hn::Set(d, -0.5F)));
  const hn::Vec<D> correction = hn::IfThenElseZero(hn::Lt(square, hn::Set(d, 300.0F)), hn::Mul(lost, half));
  return hn::Mul(hn::NegMulAdd(e, correction, e), hn::Mul(t, p));
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
