// pad: x with a border.
// Input   x  any type
// Attrs   padding  low and high of each axis, none negative
//         mode     "constant" (default), "reflect" (mirror without the edge), "symmetric" (mirror with it)
//         value    of the constant border, 0 by default; cut toward zero and to the range of integers
// Errors  bad_shape: a negative padding, a wrong count, a mirror that reaches past the other side
// Source  numpy.pad
#include "ops/cast_number.h"
#include "ops/move.h"

namespace cornu::ops {
namespace {

enum class Mode { constant, reflect, symmetric };

Mode mode_of(const Attrs& attrs) {
  const std::string name = attrs.text("mode", "constant");
  if (name == "constant") return Mode::constant;
  if (name == "reflect") return Mode::reflect;
  if (name == "symmetric") return Mode::symmetric;
  fail(ErrorCode::bad_shape, "", "the mode of pad is '{}', it must be constant, reflect or symmetric", name);
}

Ints padding_of(const Attrs& attrs, int rank) {
  // 2^46: more elements than any machine holds, and sums of three cannot overflow.
  return bounded_ints(attrs, "padding", 2 * static_cast<size_t>(rank), 0, int64_t{1} << 46, 0);
}

int64_t padded_size(const Shape& x, int axis, int64_t low, int64_t high, Mode mode) {
  const int64_t size = x[axis];
  if (size == Shape::kUnknown) return size;
  const int64_t reach = mode == Mode::reflect ? size - 1 : size;
  if (mode != Mode::constant && std::max(low, high) > std::max<int64_t>(reach, 0)) {
    fail(ErrorCode::bad_shape, "",
         "axis {} of {} is padded by {} and {} with a mirror image, at most {} are there", axis,
         x.to_string(), low, high, std::max<int64_t>(reach, 0));
  }
  int64_t sum = 0;
  if (__builtin_add_overflow(size, low + high, &sum)) {
    fail(ErrorCode::bad_shape, "", "axis {} of {} padded by {} and {} is more than 64 bits can count", axis,
         x.to_string(), low, high);
  }
  return sum;
}

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  const Ints padding = padding_of(c.attrs, x.rank());
  const Mode mode = mode_of(c.attrs);
  Shape out = x;
  for (int axis = 0; axis < x.rank(); ++axis) {
    const auto low = static_cast<size_t>(axis) * 2;
    out[axis] = padded_size(x, axis, padding[low], padding[low + 1], mode);
  }
  out.elements();  // throws if that overflows
  c.result(c.in[0].dtype, out);
}

// The element of an axis of `size` that a place outside [0, size) shows.
int64_t source_index(int64_t i, int64_t size, Mode mode) {
  if (i >= 0 && i < size) return i;
  if (mode == Mode::constant) return kFill;
  const int64_t edge = mode == Mode::symmetric ? 1 : 0;
  return i < 0 ? -i - edge : 2 * (size - 1) - i + edge;
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.in[0].shape;
  const Ints padding = padding_of(site.attrs, x.rank());
  const Mode mode = mode_of(site.attrs);
  const Strides strides = strides_of(x);
  std::vector<AxisSource> sources;
  for (int axis = 0; axis < x.rank(); ++axis) {
    AxisSource source(static_cast<size_t>(site.out[0].shape[axis]));
    for (size_t i = 0; i < source.size(); ++i) {
      const int64_t from =
          source_index(static_cast<int64_t>(i) - padding[static_cast<size_t>(axis) * 2], x[axis], mode);
      source[i] = from == kFill ? kFill : from * strides[static_cast<size_t>(axis)];
    }
    sources.push_back(std::move(source));
  }
  return move_elements(site, std::move(sources),
                       element_bytes(site.attrs.number("value", 0), site.out[0].dtype));
}

}  // namespace

CORNU_OP(pad) = {.name = "pad", .infer = infer, .reference = reference};

}  // namespace cornu::ops
