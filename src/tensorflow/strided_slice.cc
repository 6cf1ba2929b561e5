// StridedSlice -> strided_slice. The masks are bits, one for each entry of begin.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  const Ints begin = call.ints(1);
  const Ints end = call.ints(2);
  const Ints strides = call.ints(3);
  if (end.size() != begin.size() || strides.size() != begin.size())
    call.fail(ErrorCode::bad_shape, "begin has {} entries, end {}, strides {}", begin.size(), end.size(),
              strides.size());
  const auto bit = [&](const char* mask, size_t i) -> int64_t {
    return i < 63 ? call.def.integer(mask) >> i & 1 : 0;
  };
  Ints out[7];  // begin, end, strides, begin_absent, end_absent, new_axis, drop_axis
  const auto add = [&](const Ints& entry) {
    for (size_t k = 0; k < entry.size(); ++k) out[k].push_back(entry[k]);
  };
  int64_t taken = 0;  // axes of x that the entries but the ellipsis stand for
  for (size_t i = 0; i < begin.size(); ++i) {
    if (bit("ellipsis_mask", i) == 0 && bit("new_axis_mask", i) == 0) ++taken;
  }
  bool after_ellipsis = false;
  for (size_t i = 0; i < begin.size(); ++i) {
    if (bit("ellipsis_mask", i) != 0 && !after_ellipsis) {
      after_ellipsis = true;
      for (int64_t axis = taken; axis < call.rank(0); ++axis) add({0, 0, 1, 1, 1, 0, 0});
    } else if (bit("new_axis_mask", i) != 0) {
      add({0, 0, 1, 1, 1, 1, 0});
    } else {
      const int64_t drop = bit("shrink_axis_mask", i);
      // An axis that is dropped takes begin alone, or the first element if begin is masked.
      const int64_t first = drop != 0 && bit("begin_mask", i) != 0 ? 0 : begin[i];
      add({first, end[i], drop != 0 ? 1 : strides[i], bit("begin_mask", i), bit("end_mask", i), 0, drop});
    }
  }
  return {call.g.op("strided_slice", {call.in[0]},
                    {{"begin", out[0]},
                     {"end", out[1]},
                     {"strides", out[2]},
                     {"begin_absent", out[3]},
                     {"end_absent", out[4]},
                     {"new_axis", out[5]},
                     {"drop_axis", out[6]}})};
}

constexpr std::string_view kNames[] = {"StridedSlice"};

}  // namespace

CORNU_TF_OP(strided_slice) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
