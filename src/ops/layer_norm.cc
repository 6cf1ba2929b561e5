// layer_norm: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, mean and variance along some axes.
// Inputs  x; gamma if has_gamma; beta if has_beta: both broadcast to x. One floating-point type
// Attrs   axes; epsilon >= 0; has_gamma, has_beta (flags)
// Errors  bad_shape: a count of inputs that the flags contradict, gamma or beta that do not broadcast to x
// Source  Ba, Kiros and Hinton, Layer Normalization, 2016; the variance is that of the elements, not an
// estimate
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  require_floats(c);
  const Shape& x = c.in[0].shape;
  const size_t wanted =
      1 + static_cast<size_t>(c.attrs.flag("has_gamma")) + static_cast<size_t>(c.attrs.flag("has_beta"));
  if (c.in.size() != wanted)
    fail(ErrorCode::bad_shape, "", "layer_norm with these flags takes {} inputs, received {}", wanted,
         c.in.size());
  for (const TensorType& type : c.in.subspan(1)) {
    bool fits = type.shape.rank() <= x.rank();
    for (int back = 1; fits && back <= type.shape.rank(); ++back) {
      const int64_t size = type.shape[type.shape.rank() - back];
      const int64_t whole = x[x.rank() - back];
      fits = size == 1 || size == whole || size == Shape::kUnknown || whole == Shape::kUnknown;
    }
    if (!fits) {
      fail(ErrorCode::bad_shape, "", "gamma or beta of shape {} does not broadcast to {}",
           type.shape.to_string(), x.to_string());
    }
  }
  if (!(c.attrs.number("epsilon") >= 0)) {
    fail(ErrorCode::bad_shape, "", "epsilon is {}, it must not be negative", c.attrs.number("epsilon"));
  }
  reduced_axes(c.attrs, x.rank());
  infer_unary(c);
}

// The strides of one operand along the axes that are normalised together and along the others.
struct Operand {
  int input = -1;
  Strides kept{}, walked{};
};

Operand operand_of(const KernelSite& site, int input, const std::vector<bool>& walked) {
  Operand operand{input, {}, {}};
  const Shape& x = site.in[0].shape;
  const Strides strides = broadcast_strides(site.in[static_cast<size_t>(input)].shape, x);
  size_t kept_count = 0;
  size_t walked_count = 0;
  for (size_t axis = 0; axis < walked.size(); ++axis) {
    if (walked[axis]) {
      operand.walked[walked_count++] = strides[axis];
    } else {
      operand.kept[kept_count++] = strides[axis];
    }
  }
  return operand;
}

struct Plan {
  Shape kept, walked;
  Operand x, gamma, beta;
  double epsilon = 0;
};

// Normalises the group of elements at offsets `base` of x, gamma and beta.
template <class T>
void normalise(const Plan& plan, const std::array<int64_t, 3>& base, const KernelCall& call) {
  const auto x = in_as<T>(call) + base[0];
  T* y = out_as<T>(call) + base[0];
  const auto count = static_cast<double>(plan.walked.elements());
  double sum = 0;
  for_each_offset(plan.walked, plan.x.walked,
                  [&](int64_t, int64_t at) { sum += static_cast<double>(x[at]); });
  const double mean = sum / count;
  double squares = 0;
  for_each_offset(plan.walked, plan.x.walked, [&](int64_t, int64_t at) {
    const double distance = static_cast<double>(x[at]) - mean;
    squares += distance * distance;
  });
  const double scale = 1 / std::sqrt(squares / count + plan.epsilon);
  const auto parameter = [&](const Operand& operand, int64_t at, double absent) {
    return operand.input < 0 ? absent : static_cast<double>(in_as<T>(call, operand.input)[at]);
  };
  for_each_offsets<3>(plan.walked, {plan.x.walked, plan.gamma.walked, plan.beta.walked},
                      [&](int64_t, const std::array<int64_t, 3>& at) {
                        const double normal = (static_cast<double>(x[at[0]]) - mean) * scale;
                        y[at[0]] = static_cast<T>(normal * parameter(plan.gamma, base[1] + at[1], 1) +
                                                  parameter(plan.beta, base[2] + at[2], 0));
                      });
}

PreparedKernel reference(const KernelSite& site) {
  const Shape& shape = site.in[0].shape;
  const std::vector<bool> walked = reduced_axes(site.attrs, shape.rank());
  const AxisSplit split = split_axes(shape, walked);
  Plan plan{split.kept, split.walked, operand_of(site, 0, walked), {}, {}, site.attrs.number("epsilon")};
  int next = 1;
  if (site.attrs.flag("has_gamma")) plan.gamma = operand_of(site, next++, walked);
  if (site.attrs.flag("has_beta")) plan.beta = operand_of(site, next, walked);
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[plan](const KernelCall& call) {
                            for_each_offsets<3>(plan.kept, {plan.x.kept, plan.gamma.kept, plan.beta.kept},
                                                [&](int64_t, const std::array<int64_t, 3>& base) {
                                                  normalise<T>(plan, base, call);
                                                });
                          },
                          0,
                          {}};
  });
}

}  // namespace

CORNU_OP(layer_norm) = {.name = "layer_norm", .max_inputs = 3, .infer = infer, .reference = reference};

}  // namespace cornu::ops
