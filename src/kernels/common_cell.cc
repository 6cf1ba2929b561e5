#include <algorithm>
#include <cstring>
#include <initializer_list>

#include "kernels/activation.h"
#include "kernels/cell.h"
#include "kernels/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_cell.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kLanes = hn::MaxLanes(D());
// Products summed in one go; longer sums are sums of such sums, which keeps rounding errors small.
constexpr int64_t kBlockRows = 512;

struct Identity {
  HWY_INLINE V operator()(V x) const { return x; }
};
struct Tanh {
  HWY_INLINE V operator()(V x) const { return tanh(D(), x); }
};
struct Sigmoid {
  HWY_INLINE V operator()(V x) const { return sigmoid_normal(D(), x); }
};
struct HardSigmoid2 {
  HWY_INLINE V operator()(V x) const {
    const D d;
    return clamp(hn::MulAdd(x, hn::Set(d, 0.2F), hn::Set(d, 0.5F)), hn::Zero(d), hn::Set(d, 1.0F));
  }
};
struct Softsign {
  HWY_INLINE V operator()(V x) const { return hn::Div(x, hn::Add(hn::Abs(x), hn::Set(D(), 1.0F))); }
};

template <class Fn>
HWY_INLINE void map(float* x, int64_t count, Fn fn) {
  const D d;
  for (int64_t i = 0; i < count; i += kLanes) hn::Store(fn(hn::Load(d, x + i)), d, x + i);
}

// The function on whole vectors, for those that are not fused with the rest of a step.
void apply(const GateFunction& function, float* x, int64_t count) {
  const auto plain = [&](Activation activation, float* y) {
    activate(activation, function.a, function.b, reinterpret_cast<const std::byte*>(y), y, count);
  };
  switch (function.kind) {
    case GateFunction::Kind::activation:
      return plain(function.activation, x);
    case GateFunction::Kind::hard_sigmoid_2:
      return map(x, count, HardSigmoid2());
    case GateFunction::Kind::softsign:
      return map(x, count, Softsign());
    case GateFunction::Kind::mish: {
      alignas(HWY_MAX_BYTES) float y[hn::MaxLanes(D())];
      const D d;
      for (int64_t i = 0; i < count; i += kLanes) {
        activate(Activation::softplus, 0, 0, reinterpret_cast<const std::byte*>(x + i), y, kLanes);
        hn::Store(hn::Mul(hn::Load(d, x + i), tanh(d, hn::Load(d, y))), d, x + i);
      }
      return;
    }
  }
}

// The functions on the gates' sections of z and, unless it is negative, on the candidate's.
void apply_to_sections(const CellStep& s, std::initializer_list<int> gates, int candidate) {
  const int64_t count = s.end - s.begin;
  for (int gate : gates) apply(s.recurrent_activation, s.z + gate * s.section + s.begin, count);
  if (candidate >= 0) apply(s.activation, s.z + candidate * s.section + s.begin, count);
}

void simple_rnn(const CellStep& s) {
  apply(s.activation, s.z + s.begin, s.end - s.begin);
  std::copy(s.z + s.begin, s.z + s.end, s.h_next + s.begin);
}

void lstm(const CellStep& s) {
  const D d;
  const int64_t u = s.section;
  const auto next_c = [&](int64_t j, auto activation, auto gate) HWY_ATTR {
    const V in = hn::Mul(gate(hn::Load(d, s.z + j)), activation(hn::Load(d, s.z + 2 * u + j)));
    return hn::MulAdd(gate(hn::Load(d, s.z + u + j)), hn::Load(d, s.c + j), in);
  };
  const auto fused = [&](auto activation, auto gate) HWY_ATTR {
    for (int64_t j = s.begin; j < s.end; j += kLanes) {
      const V c = next_c(j, activation, gate);
      hn::Store(c, d, s.c + j);
      hn::Store(hn::Mul(gate(hn::Load(d, s.z + 3 * u + j)), activation(c)), d, s.h_next + j);
    }
  };
  if (s.activation.is(Activation::tanh) && s.recurrent_activation.is(Activation::sigmoid))
    return fused(Tanh(), Sigmoid());
  if (s.activation.is(Activation::tanh) && s.recurrent_activation.kind == GateFunction::Kind::hard_sigmoid_2)
    return fused(Tanh(), HardSigmoid2());
  apply_to_sections(s, {0, 1, 3}, 2);
  float* const cell = s.z;  // the input gate is not needed any more once c is there
  for (int64_t j = s.begin; j < s.end; j += kLanes) {
    const V c = next_c(j, Identity(), Identity());
    hn::Store(c, d, s.c + j);
    hn::Store(c, d, cell + j);
  }
  apply(s.activation, cell + s.begin, s.end - s.begin);
  for (int64_t j = s.begin; j < s.end; j += kLanes)
    hn::Store(hn::Mul(hn::Load(d, s.z + 3 * u + j), hn::Load(d, cell + j)), d, s.h_next + j);
}

void gru_gates(const CellStep& s) {
  const D d;
  const auto fused = [&](auto gate) HWY_ATTR {
    for (int64_t j = s.begin; j < s.end; j += kLanes) {
      hn::Store(gate(hn::Load(d, s.z + j)), d, s.z + j);
      hn::Store(hn::Mul(gate(hn::Load(d, s.z + s.section + j)), hn::Load(d, s.h + j)), d, s.c + j);
    }
  };
  if (s.recurrent_activation.is(Activation::sigmoid)) return fused(Sigmoid());
  if (s.recurrent_activation.kind == GateFunction::Kind::hard_sigmoid_2) return fused(HardSigmoid2());
  apply_to_sections(s, {0, 1}, -1);
  fused(Identity());
}

// z h + (1 - z) candidate.
HWY_INLINE V blend(V z, V h, V candidate) {
  return hn::MulAdd(z, hn::Sub(h, candidate), candidate);
}

void gru_candidate(const CellStep& s) {
  const D d;
  float* const candidate = s.z + 2 * s.section;
  const auto fused = [&](auto activation) HWY_ATTR {
    for (int64_t j = s.begin; j < s.end; j += kLanes) {
      const V value = activation(hn::Load(d, candidate + j));
      hn::Store(blend(hn::Load(d, s.z + j), hn::Load(d, s.h + j), value), d, s.h_next + j);
    }
  };
  if (s.activation.is(Activation::tanh)) return fused(Tanh());
  apply_to_sections(s, {}, 2);
  fused(Identity());
}

void gru_after(const CellStep& s) {
  const D d;
  float* const r = s.z + s.section;
  float* const inner = s.z + 2 * s.section;
  float* const x = s.z + 3 * s.section;
  const auto candidate = [&](int64_t j, auto gate) HWY_ATTR {
    return hn::MulAdd(gate(hn::Load(d, r + j)), hn::Load(d, inner + j), hn::Load(d, x + j));
  };
  const auto fused = [&](auto activation, auto gate) HWY_ATTR {
    for (int64_t j = s.begin; j < s.end; j += kLanes) {
      const V z = gate(hn::Load(d, s.z + j));
      hn::Store(blend(z, hn::Load(d, s.h + j), activation(candidate(j, gate))), d, s.h_next + j);
    }
  };
  if (s.activation.is(Activation::tanh) && s.recurrent_activation.is(Activation::sigmoid))
    return fused(Tanh(), Sigmoid());
  if (s.activation.is(Activation::tanh) && s.recurrent_activation.kind == GateFunction::Kind::hard_sigmoid_2)
    return fused(Tanh(), HardSigmoid2());
  apply_to_sections(s, {0, 1}, -1);
  for (int64_t j = s.begin; j < s.end; j += kLanes) hn::Store(candidate(j, Identity()), d, inner + j);
  gru_candidate(s);
}

// With few vectors two sums for each hide the latency of the multiplications.
template <int kVectors>
void add_row(const float* h, int64_t units, const std::byte* w, int64_t row_bytes, float* z) {
  const D d;
  constexpr int kSums = kVectors <= 4 ? 2 : 1;
  for (int64_t begin = 0; begin < units; begin += kBlockRows) {
    V sum[kSums][kVectors];
#pragma GCC unroll 2
    for (int i = 0; i < kSums; i++) {
#pragma GCC unroll 16
      for (int v = 0; v < kVectors; v++) sum[i][v] = hn::Zero(d);
    }
    const int64_t end = std::min(begin + kBlockRows, units);
    int64_t k = begin;
    for (; k + kSums <= end; k += kSums) {
#pragma GCC unroll 2
      for (int i = 0; i < kSums; i++) {
        const V value = hn::Set(d, h[k + i]);
#pragma GCC unroll 16
        for (int v = 0; v < kVectors; v++)
          sum[i][v] = hn::MulAdd(value, load(d, w + v * kLanes * kFloatBytes), sum[i][v]);
        w += row_bytes;
      }
    }
    for (; k < end; k++, w += row_bytes) {
      const V value = hn::Set(d, h[k]);
#pragma GCC unroll 16
      for (int v = 0; v < kVectors; v++)
        sum[0][v] = hn::MulAdd(value, load(d, w + v * kLanes * kFloatBytes), sum[0][v]);
    }
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; v++) {
      V total = sum[0][v];
      if constexpr (kSums == 2) total = hn::Add(total, sum[1][v]);
      hn::Store(hn::Add(hn::Load(d, z + v * kLanes), total), d, z + v * kLanes);
    }
  }
}

void add_products(const float* h, int64_t units, const std::byte* w, int64_t row_bytes, int vectors,
                  float* z) {
  switch (vectors) {
    case 1:
      return add_row<1>(h, units, w, row_bytes, z);
    case 2:
      return add_row<2>(h, units, w, row_bytes, z);
    case 4:
      return add_row<4>(h, units, w, row_bytes, z);
    case 8:
      return add_row<8>(h, units, w, row_bytes, z);
    default:
      return add_row < kManyRegisters ? 16 : 8 > (h, units, w, row_bytes, z);
  }
}

void load_sums(const std::byte* x, const std::byte* bias, int64_t count, float* z) {
  const D d;
  const auto add = [&](const std::byte* p, const std::byte* q, float* to) HWY_ATTR {
    const V a = p == nullptr ? hn::Zero(d) : load(d, p);
    hn::Store(q == nullptr ? a : hn::Add(a, load(d, q)), d, to);
  };
  const auto at = [](const std::byte* p, int64_t i) { return p == nullptr ? p : p + i * kFloatBytes; };
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) add(at(x, i), at(bias, i), z + i);
  if (i >= count) return;
  alignas(HWY_MAX_BYTES) std::byte rest[2][hn::MaxLanes(D()) * sizeof(float)] = {};
  const auto rest_bytes = static_cast<size_t>((count - i) * kFloatBytes);
  if (x != nullptr) std::memcpy(rest[0], at(x, i), rest_bytes);
  if (bias != nullptr) std::memcpy(rest[1], at(bias, i), rest_bytes);
  add(rest[0], rest[1], z + i);
}

}  // namespace

const CellKernels* choose_cell_kernels() {
  static constexpr CellKernels kKernels = {.lanes = static_cast<int>(hn::MaxLanes(D())),
                                           .max_row_vectors = kManyRegisters ? 16 : 8,
                                           .simple_rnn = simple_rnn,
                                           .lstm = lstm,
                                           .gru_gates = gru_gates,
                                           .gru_candidate = gru_candidate,
                                           .gru_after = gru_after,
                                           .add_products = add_products,
                                           .load = load_sums};
  return &kKernels;
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

HWY_EXPORT(choose_cell_kernels);

const CellKernels& cell_kernels() {
  return *HWY_DYNAMIC_DISPATCH(choose_cell_kernels)();
}

std::optional<GateFunction> GateFunction::named(std::string_view name) {
  using enum Activation;
  struct Named {
    std::string_view name;
    GateFunction function;
  };
  // The table of ops/common_recurrent.cc, which also defines them.
  constexpr Named kFunctions[] = {
      {"linear", {Kind::activation, none}},
      {"tanh", {Kind::activation, tanh}},
      {"sigmoid", {Kind::activation, sigmoid}},
      {"relu", {Kind::activation, relu}},
      {"hard_sigmoid", {Kind::activation, hard_sigmoid}},
      {"hard_sigmoid_2", {Kind::hard_sigmoid_2}},
      {"elu", {Kind::activation, elu, 1}},
      {"selu", {Kind::activation, selu}},
      {"softplus", {Kind::activation, softplus}},
      {"softsign", {Kind::softsign}},
      {"silu", {Kind::activation, silu}},
      {"swish", {Kind::activation, silu}},
      {"gelu", {Kind::activation, gelu}},
      {"exponential", {Kind::activation, exp}},
      {"relu6", {Kind::activation, clip, 0, 6}},
      {"leaky_relu", {Kind::activation, leaky_relu, 0.2F}},
      {"hard_silu", {Kind::activation, hard_silu}},
      {"mish", {Kind::mish}},
  };
  for (const Named& entry : kFunctions) {
    if (entry.name == name) return entry.function;
  }
  return std::nullopt;
}

}  // namespace cornu::kernels
#endif
