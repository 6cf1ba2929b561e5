// attention: per head, y = softmax(scale q k^T + bias, or `low` where the condition does not hold) v.
// Inputs  query [batch, target, heads, size], key [batch, source, heads, size], value [batch, source, heads, value size], one
//         floating-point type; then, as has_bias and has_condition say, a bias of that type and a bool condition, which
//         broadcast to [batch, heads, target, source]
// Output  y [batch, target, heads, value size]
// Attrs   scale 1; low: the score of what is not attended to; has_bias, has_condition
// Errors  bad_shape: sizes that do not fit each other, a count of inputs that the flags contradict
// Source  Vaswani et al., Attention Is All You Need, 2017
#include <cmath>

#include "ops/op.h"

namespace cornu::ops {
namespace {

bool agree(int64_t a, int64_t b) {
  return a == b || a == Shape::kUnknown || b == Shape::kUnknown;
}

bool broadcasts(const Shape& shape, const Shape& to) {
  bool fits = shape.rank() <= to.rank();
  for (int back = 1; fits && back <= shape.rank(); ++back) {
    const int64_t size = shape[shape.rank() - back];
    fits = size == 1 || agree(size, to[to.rank() - back]);
  }
  return fits;
}

void infer(ir::InferContext& c) {
  const Shape& q = c.in[0].shape;
  const Shape& k = c.in[1].shape;
  const Shape& v = c.in[2].shape;
  bool fits = q.rank() == 4 && k.rank() == 4 && v.rank() == 4;
  for (int axis : {0, 2}) fits = fits && agree(q[axis], k[axis]) && agree(k[axis], v[axis]);
  fits = fits && agree(q[3], k[3]) && agree(k[1], v[1]);
  for (int i = 0; i < 3; ++i) {
    const DType dtype = c.in[static_cast<size_t>(i)].dtype;
    fits = fits && dtype_is_floating(dtype) && dtype == c.in[0].dtype;
  }
  if (!fits) {
    fail(ErrorCode::bad_shape, "",
         "attention takes query, key and value of batch, length, heads and size, received {}, {} and {}",
         q.to_string(), k.to_string(), v.to_string());
  }
  const Shape scores = {q[0], q[2], q[1], k[1]};
  size_t next = 3;
  const auto expect = [&](const char* flag, DType dtype) {
    if (!c.attrs.flag(flag)) return;
    if (next >= c.in.size() || c.in[next].dtype != dtype || !broadcasts(c.in[next].shape, scores)) {
      fail(ErrorCode::bad_shape, "", "{} of attention needs {} that broadcasts to {}, received {}", flag,
           dtype_name(dtype), scores.to_string(),
           next < c.in.size() ? c.in[next].shape.to_string() : "nothing");
    }
    ++next;
  };
  expect("has_bias", c.in[0].dtype);
  expect("has_condition", DType::boolean);
  if (next != c.in.size())
    fail(ErrorCode::bad_shape, "", "attention with these flags takes {} inputs, received {}", next,
         c.in.size());
  Shape y = {q[0], q[1], q[2], v[3]};
  y.elements();  // throws if that overflows
  c.result(c.in[0].dtype, y);
}

struct Plan {
  int64_t batch, target, heads, size, source, value_size;
  double scale, low;
  int bias = -1, condition = -1;
  Strides bias_strides{}, condition_strides{};
};

Plan plan_of(const KernelSite& site) {
  const Shape& q = site.in[0].shape;
  Plan plan{q[0],
            q[1],
            q[2],
            q[3],
            site.in[1].shape[1],
            site.out[0].shape[3],
            site.attrs.number("scale", 1.0),
            site.attrs.number("low", 0.0)};
  const Shape scores = {plan.batch, plan.heads, plan.target, plan.source};
  int next = 3;
  if (site.attrs.flag("has_bias")) {
    plan.bias = next++;
    plan.bias_strides = broadcast_strides(site.in[static_cast<size_t>(plan.bias)].shape, scores);
  }
  if (site.attrs.flag("has_condition")) {
    plan.condition = next;
    plan.condition_strides = broadcast_strides(site.in[static_cast<size_t>(next)].shape, scores);
  }
  return plan;
}

// The weights of one query, in double, before they are divided by their sum.
template <class T>
double weigh(const Plan& p, const KernelCall& call, int64_t batch, int64_t head, int64_t target,
             double* weights) {
  const auto q = in_as<T>(call, 0) + ((batch * p.target + target) * p.heads + head) * p.size;
  const auto at = [&](const Strides& strides, int64_t source) {
    return batch * strides[0] + head * strides[1] + target * strides[2] + source * strides[3];
  };
  double most = -INFINITY;
  for (int64_t s = 0; s < p.source; ++s) {
    const auto k = in_as<T>(call, 1) + ((batch * p.source + s) * p.heads + head) * p.size;
    double sum = 0;
    for (int64_t i = 0; i < p.size; ++i) sum += static_cast<double>(q[i]) * static_cast<double>(k[i]);
    sum *= p.scale;
    if (p.bias >= 0) sum += static_cast<double>(in_as<T>(call, p.bias)[at(p.bias_strides, s)]);
    if (p.condition >= 0 && in_as<uint8_t>(call, p.condition)[at(p.condition_strides, s)] == 0) sum = p.low;
    weights[s] = sum;
    most = std::isnan(sum) ? sum : std::max(most, sum);
  }
  double total = 0;
  for (int64_t s = 0; s < p.source; ++s) total += weights[s] = std::exp(weights[s] - most);
  return total;
}

template <class T>
void run(const Plan& p, const KernelCall& call) {
  auto* const weights = reinterpret_cast<double*>(call.scratch);
  for (int64_t row = 0; row < p.batch * p.target * p.heads; ++row) {
    const int64_t head = row % p.heads;
    const int64_t batch = row / p.heads / p.target;
    const double total = weigh<T>(p, call, batch, head, row / p.heads % p.target, weights);
    for (int64_t i = 0; i < p.value_size; ++i) {
      double sum = 0;
      for (int64_t s = 0; s < p.source; ++s) {
        const int64_t at = ((batch * p.source + s) * p.heads + head) * p.value_size + i;
        sum += weights[s] * static_cast<double>(in_as<T>(call, 2)[at]);
      }
      out_as<T>(call)[row * p.value_size + i] = static_cast<T>(sum / total);
    }
  }
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Plan plan = plan_of(site);
  return with_float_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[plan](const KernelCall& call) { run<T>(plan, call); },
                          plan.source * static_cast<int64_t>(sizeof(double)),
                          {}};
  });
}

}  // namespace

CORNU_OP(attention) = {
    .name = "attention", .min_inputs = 3, .max_inputs = 5, .infer = infer, .reference = reference};

}  // namespace cornu::ops
