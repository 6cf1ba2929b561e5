// recurrent_gradient of an lstm whose gates are sigmoid and tanh: many sequences walk together, so that each step is a matrix
// product forward and one back. Inputs and outputs: ops/recurrent_gradient.cc. float32.
// Refuses other cells, functions and types.
#include <algorithm>
#include <map>
#include <memory>

#include "base/thread_pool.h"
#include "kernels/activation.h"
#include "kernels/implicit_gemm.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/recurrent_gradient.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

#ifndef CORNU_LSTM_STEP
#define CORNU_LSTM_STEP
namespace cornu::kernels {

// One step of one sequence; gates i f g o, `units` floats each, then what follows.
struct LstmStep {
  int64_t units;
  const float* gates;
  const float* c;  // the cell state after the step, and its tanh
  const float* shown;
  const float* before;  // the cell state before
  const float* dh;      // the gradients of the states after the step
  float* dc;            // becomes that of the one before
  float* dz;            // of the gates' sums
};

}  // namespace cornu::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {

// c = f c + i g, from `c` to `next`.
template <class D>
void next_cell(D d, const float* gates, int64_t units, const float* c, float* next, int64_t i) {
  const auto made = hn::Mul(hn::LoadU(d, gates + i), hn::LoadU(d, gates + 2 * units + i));
  hn::StoreU(hn::MulAdd(hn::LoadU(d, gates + units + i), hn::LoadU(d, c + i), made), d, next + i);
}

template <class D>
void multiply(D d, const float* a, const float* b, float* to, int64_t i) {
  hn::StoreU(hn::Mul(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, to + i);
}

template <class D>
void back(D d, const LstmStep& s, int64_t k) {
  const int64_t u = s.units;
  const auto one = hn::Set(d, 1.0F);
  const auto in = hn::LoadU(d, s.gates + k);
  const auto forget = hn::LoadU(d, s.gates + u + k);
  const auto made = hn::LoadU(d, s.gates + 2 * u + k);
  const auto out = hn::LoadU(d, s.gates + 3 * u + k);
  const auto shown = hn::LoadU(d, s.shown + k);
  const auto dh = hn::LoadU(d, s.dh + k);
  const auto slope = hn::NegMulAdd(shown, shown, one);
  const auto dc = hn::MulAdd(hn::Mul(dh, out), slope, hn::LoadU(d, s.dc + k));
  const auto sigmoid_slope = [&](auto y) { return hn::Mul(y, hn::Sub(one, y)); };
  hn::StoreU(hn::Mul(hn::Mul(dc, made), sigmoid_slope(in)), d, s.dz + k);
  hn::StoreU(hn::Mul(hn::Mul(dc, hn::LoadU(d, s.before + k)), sigmoid_slope(forget)), d, s.dz + u + k);
  hn::StoreU(hn::Mul(hn::Mul(dc, in), hn::NegMulAdd(made, made, one)), d, s.dz + 2 * u + k);
  hn::StoreU(hn::Mul(hn::Mul(dh, shown), sigmoid_slope(out)), d, s.dz + 3 * u + k);
  hn::StoreU(hn::Mul(dc, forget), d, s.dc + k);
}

// Calls fn(tag, i) for whole vectors, then for what is left one by one.
template <class Fn>
void for_vectors(int64_t count, Fn fn) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) fn(d, i);
  const hn::CappedTag<float, 1> one;
  for (; i < count; i++) fn(one, i);
}

void lstm_cell(const float* gates, int64_t units, const float* c, float* next) {
  for_vectors(units, [&](auto d, int64_t i) { next_cell(d, gates, units, c, next, i); });
}

void lstm_product(const float* a, const float* b, float* to, int64_t count) {
  for_vectors(count, [&](auto d, int64_t i) { multiply(d, a, b, to, i); });
}

void lstm_back(const LstmStep& step) {
  for_vectors(step.units, [&](auto d, int64_t i) { back(d, step, i); });
}

// to += from.
void lstm_add(const float* from, float* to, int64_t count) {
  for_vectors(count, [&](auto d, int64_t i) {
    hn::StoreU(hn::Add(hn::LoadU(d, from + i), hn::LoadU(d, to + i)), d, to + i);
  });
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

extern const KernelDef kernel_recurrent_gradient;

namespace {

HWY_EXPORT(lstm_cell);
HWY_EXPORT(lstm_product);
HWY_EXPORT(lstm_back);
HWY_EXPORT(lstm_add);

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kMostRows = 32;  // sequences that walk together

int64_t padded(int64_t floats) {
  return (floats + 15) / 16 * 16;  // 64 bytes
}

struct Products {
  std::shared_ptr<const ImplicitGemm> forward, back;  // (rows, units) w, and (rows, 4 units) w'
};

// w' of w (units, 4 units).
void transpose(const std::byte* w, int64_t units, float* to) {
  for (int64_t k = 0; k < units; k++) {
    for (int64_t j = 0; j < 4 * units; j++) to[j * units + k] = load_at<float>(w, k * 4 * units + j);
  }
}

struct Plan {
  int64_t batch = 0, time = 0, units = 0;
  int state = -1, mask = -1, dy = 0;  // inputs
  bool go_backwards = false, zero_output = false, return_sequences = false;
  int64_t blocks = 1;
  std::map<int64_t, Products> products;  // by rows
  int64_t product_bytes = 0;

  int64_t first_row(int64_t block) const { return batch * block / blocks; }
  void prepare(int threads);
};

// Where a thread's numbers are, in floats. Of each step: gates, cell states before and after, and their tanh.
struct Layout {
  int64_t gates, cells, shown, h, dh, dc, last, sums, floats;

  Layout(const Plan& p, int64_t rows) {
    floats = 0;
    const auto take = [this](int64_t count) {
      const int64_t at = floats;
      floats += padded(count);
      return at;
    };
    const int64_t state = rows * p.units;
    gates = take(p.time * padded(4 * state));
    cells = take((p.time + 1) * state);
    shown = take(p.time * state);
    h = take(state);
    dh = take(state);
    dc = take(state);
    last = take(state);
    sums = take(4 * state);
  }
};

void Plan::prepare(int threads) {
  blocks = std::max<int64_t>((batch + kMostRows - 1) / kMostRows, std::min<int64_t>(threads, batch));
  for (int64_t block = 0; block < blocks; block++) {
    const int64_t rows = first_row(block + 1) - first_row(block);
    if (products.contains(rows)) continue;
    ImplicitGemm::Problem problem;
    problem.window.in = problem.window.out = {1, 1, rows};
    problem.window.channels = units;
    problem.out_channels = 4 * units;
    Products made;
    made.forward = std::make_shared<const ImplicitGemm>(problem);
    problem.window.channels = 4 * units;
    problem.out_channels = units;
    made.back = std::make_shared<const ImplicitGemm>(problem);
    product_bytes =
        std::max({product_bytes, made.forward->thread_scratch_bytes(), made.back->thread_scratch_bytes()});
    products[rows] = std::move(made);
  }
}

// The sequences [first, first + rows).
class Walk {
 public:
  // transposed: w'
  Walk(const Plan& plan, const KernelCall& call, int64_t block, const std::byte* transposed,
       std::byte* scratch)
      : p_(plan),
        call_(call),
        first_(plan.first_row(block)),
        rows_(plan.first_row(block + 1) - first_),
        u_(plan.units),
        at_(plan, rows_),
        numbers_(reinterpret_cast<float*>(scratch + (plan.product_bytes + 63) / 64 * 64)),
        transposed_(transposed),
        scratch_(scratch),
        products_(plan.products.at(rows_)) {}

  void run() {
    load(0, number(at_.h));
    load(1, number(at_.cells));
    for (int64_t i = 0; i < p_.time; i++) step(i);
    copy_input(p_.dy + 1, number(at_.dh));
    copy_input(p_.dy + 2, number(at_.dc));
    std::fill_n(number(at_.last), rows_ * u_, 0.0F);
    for (int64_t i = p_.time; i-- > 0;) step_back(i);
    store(2, number(at_.dh));
    store(3, number(at_.dc));
  }

 private:
  float* number(int64_t at) const { return numbers_ + at; }
  float* gates(int64_t i) const { return numbers_ + at_.gates + i * padded(rows_ * 4 * u_); }
  float* cells(int64_t i) const { return numbers_ + at_.cells + i * rows_ * u_; }  // before step i
  float* shown(int64_t i) const { return numbers_ + at_.shown + i * rows_ * u_; }
  int64_t place(int64_t row, int64_t i) const {
    return (first_ + row) * p_.time + (p_.go_backwards ? p_.time - 1 - i : i);
  }
  bool counts(int64_t row, int64_t i) const {
    return p_.mask < 0 || load_at<uint8_t>(call_.in[p_.mask], place(row, i)) != 0;
  }
  float* out(int index, int64_t at) const { return reinterpret_cast<float*>(call_.out[index]) + at; }
  const float* in(int index, int64_t at) const {
    return reinterpret_cast<const float*>(call_.in[index]) + at;
  }

  void copy_input(int index, float* to) const { std::copy_n(in(index, first_ * u_), rows_ * u_, to); }
  void load(int state, float* to) const {
    if (p_.state < 0) {
      std::fill_n(to, rows_ * u_, 0.0F);
    } else {
      copy_input(p_.state + state, to);
    }
  }
  void store(int index, const float* from) const { std::copy_n(from, rows_ * u_, out(index, first_ * u_)); }

  void multiply(const ImplicitGemm& product, const float* x, const std::byte* w, float* y) const {
    const ImplicitGemm::Operands operands = {.x = reinterpret_cast<const std::byte*>(x), .w = w, .y = y};
    for (int64_t job = 0; job < product.jobs(); job++) product.run(operands, job, scratch_);
  }

  void step(int64_t i) {
    float* const h = number(at_.h);
    multiply(*products_.forward, h, call_.in[1], gates(i));
    for (int64_t row = 0; row < rows_; row++) {
      float* const z = gates(i) + row * 4 * u_;
      const float* const c = cells(i) + row * u_;
      float* const next = cells(i + 1) + row * u_;
      std::copy_n(h + row * u_, u_, out(1, place(row, i) * u_));
      if (!counts(row, i)) {
        std::copy_n(c, u_, next);
        std::fill_n(out(1, place(row, i) * u_), u_, 0.0F);
        continue;
      }
      HWY_DYNAMIC_DISPATCH(lstm_add)(in(0, place(row, i) * 4 * u_), z, 4 * u_);
      const auto apply = [](Activation activation, float* x, int64_t count) {
        activate(activation, 0, 0, reinterpret_cast<const std::byte*>(x), x, count);
      };
      apply(Activation::sigmoid, z, 2 * u_);
      apply(Activation::tanh, z + 2 * u_, u_);
      apply(Activation::sigmoid, z + 3 * u_, u_);
      HWY_DYNAMIC_DISPATCH(lstm_cell)(z, u_, c, next);
      float* const tanh = shown(i) + row * u_;
      activate(Activation::tanh, 0, 0, reinterpret_cast<const std::byte*>(next), tanh, u_);
      HWY_DYNAMIC_DISPATCH(lstm_product)(z + 3 * u_, tanh, h + row * u_, u_);
    }
  }

  void step_back(int64_t i) {
    float* const dh = number(at_.dh);
    float* const sums = number(at_.sums);
    const auto add = [](const float* from, float* to, int64_t count) {
      HWY_DYNAMIC_DISPATCH(lstm_add)(from, to, count);
    };
    for (int64_t row = 0; row < rows_; row++) {
      float* const last = number(at_.last) + row * u_;
      float* const dz = sums + row * 4 * u_;
      if (p_.return_sequences) add(in(p_.dy, ((first_ + row) * p_.time + i) * u_), last, u_);
      if (!p_.return_sequences && i + 1 == p_.time) add(in(p_.dy, (first_ + row) * u_), last, u_);
      float* const dx = out(0, place(row, i) * 4 * u_);
      if (!counts(row, i)) {
        if (p_.zero_output) std::fill_n(last, u_, 0.0F);
        std::fill_n(dz, 4 * u_, 0.0F);
        std::fill_n(dx, 4 * u_, 0.0F);
        continue;
      }
      add(last, dh + row * u_, u_);
      std::fill_n(last, u_, 0.0F);
      HWY_DYNAMIC_DISPATCH(lstm_back)
      ({u_, gates(i) + row * 4 * u_, cells(i + 1) + row * u_, shown(i) + row * u_, cells(i) + row * u_,
        dh + row * u_, number(at_.dc) + row * u_, dz});
      std::copy_n(dz, 4 * u_, dx);
    }
    float* const d_before = number(at_.h);  // the state itself is no longer needed
    multiply(*products_.back, sums, transposed_, d_before);
    for (int64_t row = 0; row < rows_; row++) {
      if (counts(row, i)) std::copy_n(d_before + row * u_, u_, dh + row * u_);
    }
  }

  const Plan& p_;
  const KernelCall& call_;
  const int64_t first_, rows_, u_;
  const Layout at_;
  float* const numbers_;
  const std::byte* const transposed_;
  std::byte* const scratch_;  // of the products
  const Products& products_;
};

PreparedKernel prepare(const KernelSite& site) {
  if (site.attrs.text("cell") != "lstm") return refuse("the cell is no lstm");
  if (site.attrs.text("activation", "") != "tanh" ||
      site.attrs.text("recurrent_activation", "sigmoid") != "sigmoid")
    return refuse("the functions are not tanh and sigmoid");
  auto plan = std::make_shared<Plan>();
  int next = 2;
  if (site.attrs.flag("has_bias")) return refuse("there is a recurrent bias");
  if (site.attrs.flag("has_state")) {
    plan->state = next;
    next += 2;
  }
  if (site.attrs.flag("has_mask")) plan->mask = next++;
  plan->dy = next;
  std::vector<TensorType> in(site.in.begin(), site.in.end());
  if (plan->mask >= 0) in.erase(in.begin() + plan->mask);
  if (std::string why = refuse_other_than_float32({in, site.out, site.attrs, {}, site.threads}); !why.empty())
    return refuse(why);
  plan->batch = site.in[0].shape[0];
  plan->time = site.in[0].shape[1];
  plan->units = site.in[1].shape[0];
  plan->go_backwards = site.attrs.flag("go_backwards");
  plan->zero_output = site.attrs.flag("zero_output");
  plan->return_sequences = site.attrs.flag("return_sequences");
  plan->prepare(site.threads);
  int64_t most = 0;
  for (const auto& [rows, products] : plan->products)
    most = std::max(most, Layout(*plan, rows).floats * kFloatBytes);
  const int64_t thread_bytes = (plan->product_bytes + 63) / 64 * 64 + most;
  const int64_t w_bytes = padded(4 * plan->units * plan->units) * kFloatBytes;
  return {[plan, thread_bytes, w_bytes](const KernelCall& call) {
            transpose(call.in[1], plan->units, reinterpret_cast<float*>(call.scratch));
            call.pool.run(plan->blocks, [&](int64_t block, int thread) {
              std::byte* const own = call.scratch + w_bytes + thread * thread_bytes;
              Walk(*plan, call, block, call.scratch, own).run();
            });
          },
          w_bytes + site.threads * thread_bytes,
          {}};
}

}  // namespace

const KernelDef kernel_recurrent_gradient = {
    .name = "recurrent_gradient", .op = "recurrent_gradient", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
#endif
