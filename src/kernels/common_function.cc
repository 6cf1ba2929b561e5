#include <algorithm>
#include <cstring>
#include <limits>

#include "base/thread_pool.h"
#include "kernels/activation.h"
#include "kernels/function.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_function.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// log(1 + x) with the rounding error of 1 + x taken back.
V log1p(V x) {
  const D d;
  const V one = hn::Set(d, 1.0F);
  const V u = hn::Add(x, one);
  const V lost = hn::Div(hn::Sub(x, hn::Sub(u, one)), u);
  const V y = log(d, u);
  const auto is_usual = hn::And(hn::Gt(u, hn::Zero(d)), hn::Lt(u, hn::Set(d, kInfinity)));
  return hn::Add(y, hn::IfThenElseZero(is_usual, lost));
}

// For |x| <= 1, x P(x^2), fitted to a relative error of 1.3e-9; beyond, 1 - erfc.
V erf(V x) {
  const D d;
  constexpr float kP[] = {1.128379107F,    -0.3761262596F,    0.1128358543F,   -0.02685381472F,
                          0.005188332871F, -0.0008010233287F, 7.853982243e-05F};
  const V a = hn::Abs(x);
  const V t = hn::Mul(x, x);
  V p = hn::Set(d, kP[6]);
#pragma GCC unroll 6
  for (int i = 5; i >= 0; i--) p = hn::MulAdd(p, t, hn::Set(d, kP[i]));
  const V bounded = hn::IfThenElse(hn::Gt(a, hn::Set(d, 6.0F)), hn::Set(d, 6.0F), a);  // erfc(6) is 2e-17
  const V tail = erfc_scaled(d, hn::Mul(bounded, hn::Set(d, 1.41421356F)));
  const V outer = hn::CopySign(hn::Sub(hn::Set(d, 1.0F), tail), x);
  return hn::IfThenElse(hn::Gt(a, hn::Set(d, 1.0F)), outer, hn::Mul(x, p));
}

// With e = exp(x): tanh(log(1 + e)) = e (e + 2) / (e (e + 2) + 2).
V mish(V x) {
  const D d;
  const V two = hn::Set(d, 2.0F);
  const V bounded =
      hn::IfThenElse(hn::Gt(x, hn::Set(d, 20.0F)), hn::Set(d, 20.0F), x);  // the ratio is 1 there
  const V e = exp(d, bounded);
  const V part = hn::Mul(e, hn::Add(e, two));
  return hn::Mul(x, hn::Div(part, hn::Add(part, two)));
}

V log_sigmoid(V x) {
  const D d;
  const V tail = log1p_unit(d, exp(d, hn::Neg(hn::Abs(x))));
  return hn::Sub(hn::IfThenElse(hn::Lt(x, hn::Zero(d)), x, hn::IfThenElseZero(hn::Not(hn::Eq(x, x)), x)),
                 tail);
}

V sign(V x) {
  const D d;
  const V unit = hn::CopySign(hn::Set(d, 1.0F), x);
  return hn::IfThenElse(hn::Gt(hn::Abs(x), hn::Zero(d)), unit, x);
}

template <class Fn>
HWY_INLINE void transform(const std::byte* x, float* y, int64_t count, Fn fn) {
  const D d;
  constexpr int64_t kLanes = hn::MaxLanes(D());
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) hn::StoreU(fn(load(d, x + i * 4)), d, y + i);
  if (i >= count) return;
  alignas(HWY_MAX_BYTES) float rest[hn::MaxLanes(D())] = {};
  const auto rest_bytes = static_cast<size_t>(count - i) * sizeof(float);
  std::memcpy(rest, x + i * 4, rest_bytes);
  hn::Store(fn(hn::Load(d, rest)), d, rest);
  std::memcpy(y + i, rest, rest_bytes);
}

}  // namespace

void apply_array(Function function, const std::byte* x, float* y, int64_t count) {
  const D d;
  const auto map = [&](auto fn) HWY_ATTR { transform(x, y, count, fn); };
  switch (function) {
    case Function::abs:
      return map([](V v) HWY_ATTR { return hn::Abs(v); });
    case Function::ceil:
      return map([](V v) HWY_ATTR { return hn::Ceil(v); });
    case Function::erf:
      return map([](V v) HWY_ATTR { return erf(v); });
    case Function::floor:
      return map([](V v) HWY_ATTR { return hn::Floor(v); });
    case Function::log:
      return map([](V v) HWY_ATTR { return log(D(), v); });
    case Function::log1p:
      return map([](V v) HWY_ATTR { return log1p(v); });
    case Function::log_sigmoid:
      return map([](V v) HWY_ATTR { return log_sigmoid(v); });
    case Function::mish:
      return map([](V v) HWY_ATTR { return mish(v); });
    case Function::neg:
      return map([](V v) HWY_ATTR { return hn::Neg(v); });
    case Function::reciprocal:
      return map([d](V v) HWY_ATTR { return hn::Div(hn::Set(d, 1.0F), v); });
    case Function::round:
      return map([](V v) HWY_ATTR { return hn::Round(v); });
    case Function::rsqrt:
      return map([d](V v) HWY_ATTR { return hn::Div(hn::Set(d, 1.0F), hn::Sqrt(v)); });
    case Function::sign:
      return map([](V v) HWY_ATTR { return sign(v); });
    case Function::softsign:
      return map([d](V v) HWY_ATTR { return hn::Div(v, hn::Add(hn::Abs(v), hn::Set(d, 1.0F))); });
    case Function::sqrt:
      return map([](V v) HWY_ATTR { return hn::Sqrt(v); });
    case Function::square:
      return map([](V v) HWY_ATTR { return hn::Mul(v, v); });
  }
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

HWY_EXPORT(apply_array);

namespace {

constexpr int64_t kChunk = 16 * 1024;  // floats of a job: 64 kB

}  // namespace

std::optional<Function> function_named(std::string_view op) {
  constexpr std::string_view kNames[] = {"abs",         "ceil",     "erf",  "floor",      "log",   "log1p",
                                         "log_sigmoid", "mish",     "neg",  "reciprocal", "round", "rsqrt",
                                         "sign",        "softsign", "sqrt", "square"};
  for (size_t i = 0; i < std::size(kNames); i++) {
    if (kNames[i] == op) return static_cast<Function>(i);
  }
  return std::nullopt;
}

void apply_function(Function function, const std::byte* x, float* y, int64_t count) {
  HWY_DYNAMIC_DISPATCH(apply_array)(function, x, y, count);
}

PreparedKernel prepare_function(const KernelSite& site, Function function) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const int64_t count = site.in[0].shape.elements();
  const auto run = [function, count](const KernelCall& call) {
    auto* const y = reinterpret_cast<float*>(call.out[0]);
    call.pool.run((count + kChunk - 1) / kChunk, [&](int64_t chunk, int) {
      const int64_t first = chunk * kChunk;
      apply_function(function, call.in[0] + first * static_cast<int64_t>(sizeof(float)), y + first,
                     std::min(kChunk, count - first));
    });
  };
  return {run, 0, {}};
}

}  // namespace cornu::kernels
#endif
