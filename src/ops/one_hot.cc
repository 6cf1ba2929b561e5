// one_hot: a new axis of `depth` entries, `on` at the index and `off` elsewhere; an index outside gives `off`
// only. Input   indices  integers     Output  the indices' shape with `depth` inserted at `axis` Attrs depth
// >= 0; dtype; on 1, off 0; axis -1 (of the output) Source  TensorFlow's OneHot
#include "ops/cast_number.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const Shape& indices = c.in[0].shape;
  const int64_t depth = c.attrs.integer("depth");
  const DType dtype = c.attrs.dtype("dtype");
  if (!dtype_is_integer(c.in[0].dtype) ||
      (!dtype_is_integer(dtype) && !dtype_is_floating(dtype) && dtype != DType::boolean)) {
    fail(ErrorCode::bad_shape, "",
         "one_hot of {} to {}: indices must be integers, the result real numbers or bools",
         dtype_name(c.in[0].dtype), dtype_name(dtype));
  }
  if (depth < 0) fail(ErrorCode::bad_shape, "", "the depth of one_hot is {}, it must not be negative", depth);
  const int axis = normalize_axis(c.attrs.integer("axis", -1), indices.rank() + 1);
  Shape out;
  for (int i = 0; i <= indices.rank(); ++i) out.push_back(i == axis ? depth : indices[i < axis ? i : i - 1]);
  out.elements();  // throws if that overflows
  c.result(dtype, out);
}

template <class T>
PreparedKernel prepare(const KernelSite& site, int axis) {
  const Shape& out = site.out[0].shape;
  const int64_t outer = out.elements(0, axis);
  const int64_t depth = out[axis];
  const int64_t inner = out.elements(axis + 1, out.rank());
  const Bytes16 on_bytes = element_bytes(site.attrs.number("on", 1), site.out[0].dtype);
  const Bytes16 off_bytes = element_bytes(site.attrs.number("off", 0), site.out[0].dtype);
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using Index = decltype(zero);
    return PreparedKernel{
        [=](const KernelCall& call) {
          const auto indices = in_as<Index>(call);
          T* y = out_as<T>(call);
          T on;
          T off;
          std::memcpy(&on, &on_bytes, sizeof(T));
          std::memcpy(&off, &off_bytes, sizeof(T));
          std::fill_n(y, outer * depth * inner, off);
          for (int64_t i = 0; i < outer * inner; ++i) {
            const Index index = indices[i];
            if (index < Index{0} || static_cast<uint64_t>(index) >= static_cast<uint64_t>(depth)) continue;
            y[(i / inner * depth + static_cast<int64_t>(index)) * inner + i % inner] = on;
          }
        },
        0,
        {}};
  });
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const int axis = normalize_axis(site.attrs.integer("axis", -1), site.out[0].shape.rank());
  return with_element_type(site.out[0].dtype, [&](auto zero) { return prepare<decltype(zero)>(site, axis); });
}

}  // namespace

CORNU_OP(one_hot) = {.name = "one_hot", .infer = infer, .reference = reference};

}  // namespace cornu::ops
