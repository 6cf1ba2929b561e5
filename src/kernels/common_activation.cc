#include <cstring>
#include <limits>

#include "kernels/activation.h"
#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_activation.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

V hard_sigmoid(V x) {
  const D d;
  const V shifted = clamp(hn::Add(x, hn::Set(d, 3.0F)), hn::Zero(d), hn::Set(d, 6.0F));
  return hn::Mul(shifted, hn::Set(d, 1.0F / 6));
}

// a (exp(x) - 1) for x <= 0, else x, both times scale.
V scaled_elu(V x, float a, float scale) {
  const D d;
  const V negative = hn::Mul(expm1_negative(d, x), hn::Set(d, a * scale));
  return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Mul(x, hn::Set(d, scale)), negative);
}

V softplus(V x) {
  const D d;
  const V log_part = log1p_unit(d, exp(d, hn::Neg(hn::Abs(x))));
  return hn::Add(hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x), log_part);
}

V gelu(V x) {
  const D d;
  const V tail = erfc_scaled(d, x);
  const V twice = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), tail, hn::Sub(hn::Set(d, 2.0F), tail));
  return hn::Mul(hn::Mul(x, hn::Set(d, 0.5F)), twice);
}

// x sigmoid(2 u) equals x (1 + tanh(u)) / 2 and keeps its accuracy for negative x.
V gelu_tanh(V x) {
  const D d;
  constexpr float kTwiceRootTwoOverPi = 1.59576912F;
  const V cubic = hn::Mul(hn::Mul(x, x), hn::Set(d, 0.044715F * kTwiceRootTwoOverPi));
  return hn::Mul(x, sigmoid(d, hn::Mul(x, hn::Add(cubic, hn::Set(d, kTwiceRootTwoOverPi)))));
}

template <class Fn>
HWY_INLINE void transform(const std::byte* x, float* y, int64_t count, Fn fn) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(fn(load(d, x + i * 4)), d, y + i);
  if (i >= count) return;
  alignas(64) float rest[HWY_MAX_BYTES / sizeof(float)] = {};
  const auto rest_bytes = static_cast<size_t>(count - i) * sizeof(float);
  std::memcpy(rest, x + i * 4, rest_bytes);
  hn::Store(fn(hn::Load(d, rest)), d, rest);
  std::memcpy(y + i, rest, rest_bytes);
}

}  // namespace

void activate_array(Activation activation, float a, float b, const std::byte* x, float* y, int64_t count) {
  const D d;
  const auto map = [&](auto fn) HWY_ATTR { transform(x, y, count, fn); };
  switch (activation) {
    case Activation::none:
      if (count > 0) std::memmove(y, x, static_cast<size_t>(count) * sizeof(float));
      return;
    case Activation::relu:
      return map([d](V v) HWY_ATTR { return hn::IfThenZeroElse(hn::Lt(v, hn::Zero(d)), v); });
    case Activation::clip:
      return map([d, a, b](V v) HWY_ATTR { return clamp(v, hn::Set(d, a), hn::Set(d, b)); });
    case Activation::leaky_relu:
      return map([d, a](V v) HWY_ATTR {
        return hn::IfThenElse(hn::Lt(v, hn::Zero(d)), hn::Mul(v, hn::Set(d, a)), v);
      });
    case Activation::sigmoid:
      return map([d](V v) HWY_ATTR { return sigmoid(d, v); });
    case Activation::tanh:
      return map([d](V v) HWY_ATTR { return tanh(d, v); });
    case Activation::silu:
      return map([d](V v) HWY_ATTR { return hn::Mul(v, sigmoid(d, v)); });
    case Activation::gelu:
      return a != 0 ? map([](V v) HWY_ATTR { return gelu_tanh(v); })
                    : map([](V v) HWY_ATTR { return gelu(v); });
    case Activation::hard_sigmoid:
      return map([](V v) HWY_ATTR { return hard_sigmoid(v); });
    case Activation::hard_silu:
      return map([](V v) HWY_ATTR { return hn::Mul(v, hard_sigmoid(v)); });
    case Activation::elu:
      return map([a](V v) HWY_ATTR { return scaled_elu(v, a, 1.0F); });
    case Activation::selu:  // the constants of base/epilogue.cc
      return map([](V v) HWY_ATTR { return scaled_elu(v, 1.67326324F, 1.05070099F); });
    case Activation::softplus:
      return map([](V v) HWY_ATTR { return softplus(v); });
    case Activation::exp:
      return map([d](V v) HWY_ATTR { return exp(d, v); });
  }
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

HWY_EXPORT(activate_array);

void activate(Activation activation, float a, float b, const std::byte* x, float* y, int64_t count) {
  HWY_DYNAMIC_DISPATCH(activate_array)(activation, a, b, x, y, count);
}

Clamp Clamp::of(const Epilogue& epilogue) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  switch (epilogue.activation) {
    case Activation::none:
      return {-kInfinity, kInfinity, true};
    case Activation::relu:
      return {0, kInfinity, true};
    case Activation::clip:
      return {epilogue.a, epilogue.b, true};
    default:
      return {-kInfinity, kInfinity, false};
  }
}

}  // namespace cornu::kernels
#endif
