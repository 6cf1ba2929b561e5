// batch_norm_gradient: with r = 1 / sqrt(variance + epsilon), n = (x - mean) r and N rows:
//   dbeta = sum dy;  dgamma = sum dy n;  dx = gamma r (dy - dbeta / N - n dgamma / N)
// Inputs  x, dy [..., channels]; mean, variance, gamma [channels]. One floating-point type
// Outputs dx of x's shape; dgamma, dbeta [channels]
// Attrs   epsilon, as batch_norm has it
// Errors  bad_shape: shapes that do not fit each other
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  require_floats(c);
  const TensorType x = c.in[0];
  bool fits = x.shape.rank() >= 2 && c.in[1] == x;
  for (const TensorType& type : c.in.subspan(2)) fits = fits && type.shape == Shape{x.shape.back()};
  if (!fits)
    fail(ErrorCode::bad_shape, "", "dy {} or a number per channel does not fit x {}",
         c.in[1].shape.to_string(), x.shape.to_string());
  c.out = {x, c.in[2], c.in[2]};
}

template <class T>
void run(int64_t rows, int64_t channels, double epsilon, const KernelCall& call) {
  const auto x = in_as<T>(call, 0);
  const auto dy = in_as<T>(call, 1);
  for (int64_t c = 0; c < channels; ++c) {
    const auto mean = static_cast<double>(in_as<T>(call, 2)[c]);
    const double r = 1 / std::sqrt(static_cast<double>(in_as<T>(call, 3)[c]) + epsilon);
    double dbeta = 0;
    double dgamma = 0;
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t at = i * channels + c;
      dbeta += static_cast<double>(dy[at]);
      dgamma += static_cast<double>(dy[at]) * (static_cast<double>(x[at]) - mean) * r;
    }
    const double scale = static_cast<double>(in_as<T>(call, 4)[c]) * r;
    const auto count = static_cast<double>(rows);
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t at = i * channels + c;
      const double n = (static_cast<double>(x[at]) - mean) * r;
      out_as<T>(call)[at] =
          static_cast<T>(scale * (static_cast<double>(dy[at]) - dbeta / count - n * dgamma / count));
    }
    out_as<T>(call, 1)[c] = static_cast<T>(dgamma);
    out_as<T>(call, 2)[c] = static_cast<T>(dbeta);
  }
}

PreparedKernel reference(const KernelSite& site) {
  const int64_t channels = site.in[0].shape.back();
  const int64_t rows = channels == 0 ? 0 : site.in[0].shape.elements() / channels;
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[rows, channels, epsilon = site.attrs.number("epsilon")](const KernelCall& call) {
                            run<T>(rows, channels, epsilon, call);
                          },
                          0,
                          {}};
  });
}

}  // namespace

CORNU_OP(batch_norm_gradient) = {
    .name = "batch_norm_gradient", .min_inputs = 5, .max_inputs = 5, .infer = infer, .reference = reference};

}  // namespace cornu::ops
