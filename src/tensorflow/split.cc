// Split, SplitV, Unpack, Slice -> slice_axis.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

Value part(NodeCall& call, Value x, int64_t axis, int64_t begin, int64_t size) {
  return call.g.op("slice_axis", {x}, {{"axis", axis}, {"begin", begin}, {"size", size}});
}

int64_t known_size(NodeCall& call, size_t input, int64_t axis) {
  const int64_t at = axis < 0 ? axis + call.rank(input) : axis;
  if (at < 0 || at >= call.rank(input))
    call.fail(ErrorCode::bad_shape, "axis {} of {}", axis, call.shape(input).to_string());
  const int64_t size = call.shape(input)[static_cast<int>(at)];
  if (size == Shape::kUnknown) throw NeedsValue{input};
  return size;
}

std::vector<Value> split(NodeCall& call) {
  const int64_t axis = call.integer(0);
  const int64_t count = call.def.integer("num_split", 1);
  const int64_t size = known_size(call, 1, axis);
  if (count < 1 || size % count != 0)
    call.fail(ErrorCode::bad_shape, "{} rows are split into {}", size, count);
  std::vector<Value> parts;
  for (int64_t i = 0; i < count; ++i)
    parts.push_back(part(call, call.in[1], axis, i * (size / count), size / count));
  return parts;
}

std::vector<Value> split_sizes(NodeCall& call) {
  const int64_t axis = call.integer(2);
  Ints sizes = call.ints(1);
  int64_t rest = known_size(call, 0, axis);
  for (int64_t size : sizes) rest -= size < 0 ? 0 : size;
  std::vector<Value> parts;
  int64_t at = 0;
  for (int64_t& size : sizes) {
    if (size < 0) size = rest;
    parts.push_back(part(call, call.in[0], axis, at, size));
    at += size;
  }
  return parts;
}

std::vector<Value> unpack(NodeCall& call) {
  const int64_t axis = call.def.integer("axis");
  const int64_t count = call.def.integer("num");
  if (known_size(call, 0, axis) != count)
    call.fail(ErrorCode::bad_shape, "{} is unpacked into {}", call.shape(0).to_string(), count);
  std::vector<Value> parts;
  for (int64_t i = 0; i < count; ++i)
    parts.push_back(call.g.op("squeeze", {part(call, call.in[0], axis, i, 1)}, {{"axes", Ints{axis}}}));
  return parts;
}

std::vector<Value> slice(NodeCall& call) {
  const Ints begin = call.ints(1);
  const Ints size = call.ints(2);
  if (begin.size() != size.size() || static_cast<int>(begin.size()) != call.rank(0))
    call.fail(ErrorCode::bad_shape, "begin has {} entries, size {}, x has {} axes", begin.size(), size.size(),
              call.rank(0));
  Value y = call.in[0];
  for (size_t axis = 0; axis < begin.size(); ++axis) {
    if (begin[axis] == 0 && size[axis] == -1) continue;
    y = part(call, y, static_cast<int64_t>(axis), begin[axis], size[axis]);
  }
  return {y == call.in[0] ? call.g.op("identity", {y}) : y};
}

std::vector<Value> lower(NodeCall& call) {
  if (call.def.op == "Split") return split(call);
  if (call.def.op == "SplitV") return split_sizes(call);
  return call.def.op == "Unpack" ? unpack(call) : slice(call);
}

constexpr std::string_view kNames[] = {"Split", "SplitV", "Unpack", "Slice"};

}  // namespace

CORNU_TF_OP(split) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
