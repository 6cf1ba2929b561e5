// batch_norm: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, with the mean and variance of each channel over all other
// axes, as training computes it.
// Inputs  x [..., channels]; gamma, beta [channels]. One floating-point type
// Outputs y of x's shape; mean, variance [channels]
// Attrs   epsilon >= 0
// Errors  bad_shape: x without axes, gamma or beta of another shape
// Source  Ioffe and Szegedy, Batch Normalization, 2015; the variance is that of the elements, not an estimate
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  require_floats(c);
  const TensorType x = c.in[0];
  if (x.shape.rank() < 2)
    fail(ErrorCode::bad_shape, "", "batch_norm needs rows of channels, received {}", x.shape.to_string());
  const Shape channels{x.shape.back()};
  for (const TensorType& type : c.in.subspan(1)) {
    if (!(type.shape == channels))
      fail(ErrorCode::bad_shape, "", "gamma or beta has shape {}, x {}", type.shape.to_string(),
           x.shape.to_string());
  }
  c.out = {x, {x.dtype, channels}, {x.dtype, channels}};
}

template <class T>
void run(int64_t rows, int64_t channels, double epsilon, const KernelCall& call) {
  const auto x = in_as<T>(call);
  for (int64_t c = 0; c < channels; ++c) {
    double sum = 0;
    for (int64_t i = 0; i < rows; ++i) sum += static_cast<double>(x[i * channels + c]);
    const double mean = sum / static_cast<double>(rows);
    double squares = 0;
    for (int64_t i = 0; i < rows; ++i) {
      const double distance = static_cast<double>(x[i * channels + c]) - mean;
      squares += distance * distance;
    }
    const double variance = squares / static_cast<double>(rows);
    const double scale = static_cast<double>(in_as<T>(call, 1)[c]) / std::sqrt(variance + epsilon);
    const auto beta = static_cast<double>(in_as<T>(call, 2)[c]);
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t at = i * channels + c;
      out_as<T>(call)[at] = static_cast<T>((static_cast<double>(x[at]) - mean) * scale + beta);
    }
    out_as<T>(call, 1)[c] = static_cast<T>(mean);
    out_as<T>(call, 2)[c] = static_cast<T>(variance);
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

CORNU_OP(batch_norm) = {
    .name = "batch_norm", .min_inputs = 3, .max_inputs = 3, .infer = infer, .reference = reference};

}  // namespace cornu::ops
