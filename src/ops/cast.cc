// cast: the elements of x in another type.
// Input   x  numbers or bool     Attrs  dtype  a real number type or bool
// Notes   floats are cut toward zero to integers, beyond the range they give its end and NaN gives 0;
// integers wrap
//         around; anything but zero is true
// Errors  bad_shape for strings and complex numbers
#include "ops/cast_number.h"

namespace cornu::ops {
namespace {

bool is_real(DType dtype) {
  return dtype_is_floating(dtype) || dtype_is_integer(dtype) || dtype == DType::boolean;
}

void infer(ir::InferContext& c) {
  const DType from = c.in[0].dtype;
  const DType to = c.attrs.dtype("dtype");
  if (!is_real(from) || !is_real(to)) {
    fail(ErrorCode::bad_shape, "", "{} cannot be cast to {}, only real numbers and bools can",
         dtype_name(from), dtype_name(to));
  }
  c.result(to, c.in[0].shape);
}

template <class T>
auto value_of(T element) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    return to_float(element);
  } else {
    return element;
  }
}

template <class From, class To>
PreparedKernel prepare(int64_t count, bool to_bool) {
  if (to_bool) {
    return {[count](const KernelCall& call) {
              const auto x = in_as<From>(call);
              uint8_t* y = out_as<uint8_t>(call);
              for (int64_t i = 0; i < count; ++i) y[i] = value_of(x[i]) != 0 ? 1 : 0;
            },
            0,
            {}};
  }
  return {[count](const KernelCall& call) {
            const auto x = in_as<From>(call);
            To* y = out_as<To>(call);
            for (int64_t i = 0; i < count; ++i) y[i] = cast_number<To>(value_of(x[i]));
          },
          0,
          {}};
}

PreparedKernel reference(const KernelSite& site) {
  const DType from = site.in[0].dtype;
  const DType to = site.out[0].dtype;
  if (from == to) return copy_first_input(site);
  const int64_t count = site.out[0].shape.elements();
  return with_stored_type(from, [&](auto source) {
    return with_stored_type(to, [&](auto target) {
      return prepare<decltype(source), decltype(target)>(count, to == DType::boolean);
    });
  });
}

}  // namespace

CORNU_OP(cast) = {.name = "cast", .infer = infer, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
