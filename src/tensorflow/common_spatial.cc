#include <algorithm>

#include "tensorflow/spatial.h"

namespace cornu::tensorflow {

bool channels_first(const NodeCall& call) {
  return call.def.text("data_format", "NHWC").starts_with("NC");
}

Value to_channels_last(NodeCall& call, Value x) {
  if (!channels_first(call)) return x;
  Ints permutation{0};
  for (int axis = 2; axis < call.g.rank(x); ++axis) permutation.push_back(axis);
  permutation.push_back(1);
  return call.g.transpose(x, permutation);
}

Value from_channels_last(NodeCall& call, Value y) {
  if (!channels_first(call)) return y;
  const int rank = call.g.rank(y);
  Ints permutation{0, rank - 1};
  for (int axis = 1; axis < rank - 1; ++axis) permutation.push_back(axis);
  return call.g.transpose(y, permutation);
}

Ints spatial_ints(const NodeCall& call, const char* attr) {
  const Ints all = call.def.ints(attr);
  const auto count = static_cast<size_t>(std::max(call.rank(0) - 2, 1));
  if (all.empty()) return Ints(count, 1);
  if (all.size() != count + 2)
    call.fail(ErrorCode::bad_file, "{} has {} entries, {} are needed", attr, all.size(), count + 2);
  const size_t channel = channels_first(call) ? 1 : all.size() - 1;
  if (all[0] != 1 || all[channel] != 1)
    call.fail(ErrorCode::unsupported, "{} reaches over batch or channels", attr);
  const size_t first = channels_first(call) ? 2 : 1;
  return {all.begin() + static_cast<ptrdiff_t>(first), all.begin() + static_cast<ptrdiff_t>(first + count)};
}

void set_padding(const NodeCall& call, Attrs& attrs) {
  const std::string padding = call.def.text("padding", "VALID");
  if (padding == "SAME" || padding == "VALID") {
    attrs.set("auto_pad", std::string(padding == "SAME" ? "same" : "valid"));
    return;
  }
  if (padding != "EXPLICIT") call.fail(ErrorCode::unsupported, "padding '{}' is not known", padding);
  const Ints all = call.def.ints("explicit_paddings");
  const size_t count = static_cast<size_t>(std::max(call.rank(0) - 2, 1)) * 2;
  if (all.size() != count + 4) call.fail(ErrorCode::bad_file, "explicit_paddings has {} entries", all.size());
  const size_t first = channels_first(call) ? 4 : 2;
  attrs.set("auto_pad", std::string("explicit"));
  attrs.set("padding", Ints(all.begin() + static_cast<ptrdiff_t>(first),
                            all.begin() + static_cast<ptrdiff_t>(first + count)));
}

}  // namespace cornu::tensorflow
