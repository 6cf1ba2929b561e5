#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/thread_pool.h"
#include "kernels/binary.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"

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
HWY_INLINE void combine(Reader a, Reader b, float* y, int64_t count, Fn fn) {
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

// y[i] = op(a[i], b[i]) for i in [0, count), where a or b may be one float for all i.
void combine_run(Binary op, const std::byte* a, bool a_repeats, const std::byte* b, bool b_repeats, float* y,
                 int64_t count) {
  const auto run = [&](auto fn) HWY_ATTR {
    if (a_repeats) {
      combine({a, true}, {b, b_repeats}, y, count, fn);
    } else if (b_repeats) {
      combine({a, false}, {b, true}, y, count, fn);
    } else {
      combine({a, false}, {b, false}, y, count, fn);
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
  }
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {
namespace {

HWY_EXPORT(combine_run);

constexpr int64_t kBytes = sizeof(float);
constexpr int64_t kChunk = 16 * 1024;  // floats of a job at least: 64 kB

// Axes of y after merging neighbours that both operands walk alike, with strides in floats; the last axis is the run.
struct Plan {
  Binary op;
  std::vector<int64_t> sizes, a_strides, b_strides;
  int64_t rows = 1;          // runs
  int64_t pieces = 1;        // of a long run, each a job
  int64_t rows_per_job = 1;  // of short runs

  void merge(const Shape& a, const Shape& b, const Shape& y);
  void plan_jobs();
  void run(const KernelCall& call) const;
  void run_row(const KernelCall& call, int64_t row, int64_t begin, int64_t end) const;
};

// The size of a shape along an axis of y; 1 for missing leading axes.
int64_t size_at(const Shape& shape, const Shape& y, int axis) {
  const int own = axis - (y.rank() - shape.rank());
  return own < 0 ? 1 : shape[own];
}

void Plan::merge(const Shape& a, const Shape& b, const Shape& y) {
  int64_t a_stride = 1, b_stride = 1;
  bool a_moved = false, b_moved = false;  // along the axis merged last
  for (int axis = y.rank() - 1; axis >= 0; axis--) {
    if (y[axis] == 1) continue;
    const bool a_moves = size_at(a, y, axis) > 1;
    const bool b_moves = size_at(b, y, axis) > 1;
    if (!sizes.empty() && a_moves == a_moved && b_moves == b_moved) {
      sizes.front() *= y[axis];
    } else {
      sizes.insert(sizes.begin(), y[axis]);
      a_strides.insert(a_strides.begin(), a_moves ? a_stride : 0);
      b_strides.insert(b_strides.begin(), b_moves ? b_stride : 0);
    }
    a_moved = a_moves;
    b_moved = b_moves;
    a_stride *= size_at(a, y, axis);
    b_stride *= size_at(b, y, axis);
  }
  if (sizes.empty()) {
    sizes = {1};
    a_strides = b_strides = {0};
  }
}

void Plan::plan_jobs() {
  for (size_t i = 0; i + 1 < sizes.size(); i++) rows *= sizes[i];
  pieces = (sizes.back() + kChunk - 1) / kChunk;
  rows_per_job = std::max<int64_t>(1, kChunk / sizes.back());
}

void Plan::run_row(const KernelCall& call, int64_t row, int64_t begin, int64_t end) const {
  const size_t last = sizes.size() - 1;
  int64_t a = begin * a_strides[last];
  int64_t b = begin * b_strides[last];
  int64_t rest = row;
  for (size_t i = last; i-- > 0;) {
    a += rest % sizes[i] * a_strides[i];
    b += rest % sizes[i] * b_strides[i];
    rest /= sizes[i];
  }
  float* const y = reinterpret_cast<float*>(call.out[0]) + row * sizes[last] + begin;
  HWY_DYNAMIC_DISPATCH(combine_run)
  (op, call.in[0] + a * kBytes, a_strides[last] == 0, call.in[1] + b * kBytes, b_strides[last] == 0, y,
   end - begin);
}

void Plan::run(const KernelCall& call) const {
  const int64_t run_length = sizes.back();
  const int64_t groups = (rows + rows_per_job - 1) / rows_per_job;
  call.pool.run(groups * pieces, [&](int64_t job, int) {
    const int64_t first = job / pieces * rows_per_job;
    const int64_t begin = run_length * (job % pieces) / pieces;
    const int64_t end = run_length * (job % pieces + 1) / pieces;
    for (int64_t row = first; row < std::min(first + rows_per_job, rows); row++)
      run_row(call, row, begin, end);
  });
}

}  // namespace

PreparedKernel prepare_binary(const KernelSite& site, Binary op) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& y = site.out[0].shape;
  for (const TensorType& in : site.in) {
    bool fits = in.shape.rank() <= y.rank();
    for (int axis = 0; fits && axis < y.rank(); axis++) {
      const int64_t size = size_at(in.shape, y, axis);
      fits = size == 1 || size == y[axis];
    }
    if (!fits) return refuse(fmt::format("{} does not broadcast to {}", in.shape.to_string(), y.to_string()));
  }
  Plan plan = {};
  plan.op = op;
  plan.rows = plan.pieces = plan.rows_per_job = 1;
  plan.merge(site.in[0].shape, site.in[1].shape, y);
  plan.plan_jobs();
  return {[plan](const KernelCall& call) { plan.run(call); }, 0, {}};
}

}  // namespace cornu::kernels
#endif
