// clip: y = min if x < min, max if x > max, else x; NaN stays NaN.
// Attrs  min, max (numbers; absent: no bound). Bounds of integers are cut to the type's range and toward
// zero.
#include <limits>

#include "ops/op.h"

namespace cornu::ops {
namespace {

template <class T>
T bound(double value) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else {
    using Limits = std::numeric_limits<T>;
    if (!(value > static_cast<double>(Limits::min()))) return Limits::min();
    return value >= static_cast<double>(Limits::max()) ? Limits::max() : static_cast<T>(value);
  }
}

PreparedKernel reference(const KernelSite& site) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double low = site.attrs.number("min", -kInfinity);
  const double high = site.attrs.number("max", kInfinity);
  return map_numbers(site, [=](auto x) {
    using T = decltype(x);
    return x < bound<T>(low) ? bound<T>(low) : x > bound<T>(high) ? bound<T>(high) : x;
  });
}

}  // namespace

CORNU_OP(clip) = {.name = "clip", .infer = infer_number_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
