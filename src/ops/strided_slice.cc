// strided_slice: Python's x[begin:end:stride, ...] for several axes at once.
// Input   x  any type
// Attrs   begin, end, strides  one entry per index expression; axes after the last are taken whole
//         begin_absent, end_absent  1 where the bound is left out    new_axis  1: the entry adds an axis of
//         size 1 drop_axis  1: the entry is one index, whose axis goes. All four: Ints of 0 and 1, absent
//         means zeros
// Errors  bad_shape: a stride of 0, an index outside the axis, more entries than axes, lists of different
// length Source  Python's slice.indices; TensorFlow's StridedSlice
#include <limits>

#include "ops/move.h"

namespace cornu::ops {
namespace {

// One axis of x: elements first, first + step, ... ; count is kUnknown if x's size is.
struct Range {
  int64_t first = 0, step = 1, count = 0;
};

struct Entry {
  int64_t begin, end, stride;
  bool begin_absent, end_absent, new_axis, drop_axis;
};

std::vector<Entry> entries_of(const Attrs& attrs) {
  const Ints& begin = attrs.ints("begin");
  const size_t count = begin.size();
  const auto flags = [&](const char* name) { return bounded_ints(attrs, name, count, 0, 1, 0); };
  const Ints begin_absent = flags("begin_absent");
  const Ints end_absent = flags("end_absent");
  const Ints new_axis = flags("new_axis");
  const Ints drop_axis = flags("drop_axis");
  constexpr int64_t kAny = std::numeric_limits<int64_t>::max();
  const Ints end = bounded_ints(attrs, "end", count, -kAny - 1, kAny, 0);
  const Ints strides = bounded_ints(attrs, "strides", count, -kAny, kAny, 1);
  std::vector<Entry> entries;
  for (size_t i = 0; i < count; ++i) {
    if (strides[i] == 0) fail(ErrorCode::bad_shape, "", "entry {} of a slice has stride 0", i);
    entries.push_back({begin[i], end[i], strides[i], begin_absent[i] != 0, end_absent[i] != 0,
                       new_axis[i] != 0, drop_axis[i] != 0});
  }
  return entries;
}

Range whole(int64_t size) {
  return {0, 1, size};
}

Range range_of(const Entry& entry, int64_t size, int axis) {
  if (entry.drop_axis) {
    if (size == Shape::kUnknown) return {0, 1, 1};
    if (entry.begin < -size || entry.begin >= size) {
      fail(ErrorCode::bad_shape, "", "index {} is outside axis {} of size {}", entry.begin, axis, size);
    }
    return {entry.begin < 0 ? entry.begin + size : entry.begin, 1, 1};
  }
  if (size == Shape::kUnknown) return whole(size);
  const bool forward = entry.stride > 0;
  const int64_t low = forward ? 0 : -1;
  const int64_t high = forward ? size : size - 1;
  const auto bound = [&](int64_t value) { return std::clamp(value < 0 ? value + size : value, low, high); };
  const int64_t first = entry.begin_absent ? (forward ? 0 : size - 1) : bound(entry.begin);
  const int64_t end = entry.end_absent ? (forward ? size : -1) : bound(entry.end);
  const int64_t distance = forward ? end - first : first - end;
  const int64_t stride = forward ? entry.stride : -entry.stride;
  const int64_t count = distance <= 0 ? 0 : (distance - 1) / stride + 1;
  return {first, count > 1 ? entry.stride : 1, count};  // an unused stride may be too large to compute with
}

// Calls fn(axis of x or -1 for a new one, range, whether it stays) in the order of the output.
template <class Fn>
void for_each_range(const Attrs& attrs, const Shape& x, Fn&& fn) {
  int axis = 0;
  for (const Entry& entry : entries_of(attrs)) {
    if (entry.new_axis) {
      fn(-1, whole(1), true);
      continue;
    }
    if (axis == x.rank())
      fail(ErrorCode::bad_shape, "", "a slice has more entries than the {} axes of {}", x.rank(),
           x.to_string());
    fn(axis, range_of(entry, x[axis], axis), !entry.drop_axis);
    ++axis;
  }
  for (; axis < x.rank(); ++axis) fn(axis, whole(x[axis]), true);
}

void infer(ir::InferContext& c) {
  Shape out;
  for_each_range(c.attrs, c.in[0].shape, [&](int, const Range& range, bool stays) {
    if (stays) out.push_back(range.count);
  });
  c.result(c.in[0].dtype, out);
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Strides strides = strides_of(site.in[0].shape);
  std::vector<AxisSource> sources;
  for_each_range(site.attrs, site.in[0].shape, [&](int axis, const Range& range, bool) {
    const int64_t stride = axis < 0 ? 0 : strides[static_cast<size_t>(axis)];
    sources.push_back(evenly(range.count, range.first * stride, range.step * stride));
  });
  return move_elements(site, std::move(sources));
}

}  // namespace

CORNU_OP(strided_slice) = {.name = "strided_slice", .infer = infer, .reference = reference};

}  // namespace cornu::ops
