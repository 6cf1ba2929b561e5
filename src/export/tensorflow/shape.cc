// Ops that move elements.
#include <algorithm>
#include <numeric>

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

int64_t front(int64_t axis, int rank) {
  return axis < 0 ? axis + rank : axis;
}

TfAttrs index_attr(const char* name) {
  return {{name, type_of(DType::int32)}};
}

// The sizes of the attribute `shape`: 0 copies an axis of x. Copied sizes that
// are not known stay -1 while there is no other -1.
void reshape(TfCall& call) {
  if (call.inputs() > 1) {
    return call.out(call.op("Reshape", {call.in(0), call.in(1)}, {{"Tshape", type_of(call.dtype(1))}}));
  }
  const Ints& wanted = call.attrs.ints("shape");
  const bool copies = !call.attrs.flag("allow_zero");
  bool inferred = std::find(wanted.begin(), wanted.end(), -1) != wanted.end();
  std::vector<Dim> dims;
  for (size_t i = 0; i < wanted.size(); ++i) {
    const int axis = static_cast<int>(i);
    Dim dim{wanted[i], {}, 0};
    if (copies && wanted[i] == 0) {
      dim.size = call.shape()[axis];
      if (dim.size == Shape::kUnknown && inferred) dim = {0, call.in(0), axis};
      inferred = inferred || (dim.of.empty() && dim.size == Shape::kUnknown);
    }
    dims.push_back(dim);
  }
  call.out(call.reshape(call.in(0), dims, call.dtype()));
}

void broadcast_to(TfCall& call) {
  const Ints& wanted = call.attrs.ints("shape");
  const int rank = call.shape().rank();
  const int added = static_cast<int>(wanted.size()) - rank;
  std::vector<Dim> dims;
  for (int i = 0; i < static_cast<int>(wanted.size()); ++i) {
    int64_t size = wanted[static_cast<size_t>(i)];
    if (size <= 0 && i >= added) size = call.shape()[i - added];
    dims.push_back(size == Shape::kUnknown ? Dim{0, call.in(0), i - added} : Dim{size, {}, 0});
  }
  call.out(call.op("BroadcastTo", {call.in(0), call.shape_of(dims)}, index_attr("Tidx")));
}

void slice(TfCall& call) {
  const int rank = call.shape().rank();
  const auto axis = static_cast<size_t>(front(call.attrs.integer("axis"), rank));
  Ints begin(static_cast<size_t>(rank), 0);
  Ints size(static_cast<size_t>(rank), -1);
  begin[axis] = call.attrs.integer("begin");
  size[axis] = call.attrs.integer("size");
  call.out(call.op("Slice", {call.in(0), call.ints(begin), call.ints(size)}, index_attr("Index")));
}

int64_t mask_of(const Attrs& attrs, const char* name) {
  int64_t mask = 0;
  const Ints flags = attrs.ints(name, Ints{});
  for (size_t i = 0; i < flags.size(); ++i) mask |= flags[i] << i;
  return mask;
}

void strided_slice(TfCall& call) {
  const Ints begin = call.attrs.ints("begin");
  Ints end = call.attrs.ints("end", begin);
  const Ints strides = call.attrs.ints("strides", Ints(begin.size(), 1));
  const int64_t drop = mask_of(call.attrs, "drop_axis");
  for (size_t i = 0; i < end.size(); ++i) {
    if ((drop >> i & 1) != 0) end[i] = begin[i] + 1;
  }
  call.out(call.op("StridedSlice", {call.in(0), call.ints(begin), call.ints(end), call.ints(strides)},
                   {{"Index", type_of(DType::int32)},
                    {"begin_mask", mask_of(call.attrs, "begin_absent")},
                    {"end_mask", mask_of(call.attrs, "end_absent")},
                    {"new_axis_mask", mask_of(call.attrs, "new_axis")},
                    {"shrink_axis_mask", drop}}));
}

void pad(TfCall& call) {
  const Ints& padding = call.attrs.ints("padding");
  const Ref sizes =
      call.constant(tensor_of_ints(padding, {static_cast<int64_t>(padding.size() / 2), 2}, DType::int32));
  const std::string mode = call.attrs.text("mode", "constant");
  if (mode == "constant") {
    const Ref value = call.scalar(call.attrs.number("value", 0));
    return call.out(call.op("PadV2", {call.in(0), sizes, value}, index_attr("Tpaddings")));
  }
  call.out(call.op("MirrorPad", {call.in(0), sizes},
                   {{"Tpaddings", type_of(DType::int32)},
                    {"mode", std::string(mode == "reflect" ? "REFLECT" : "SYMMETRIC")}}));
}

void expand_dims(TfCall& call) {
  Ints axes = call.attrs.ints("axes");
  for (int64_t& axis : axes) axis = front(axis, call.out_shape().rank());
  std::sort(axes.begin(), axes.end());
  Ref y = call.in(0);
  for (const int64_t axis : axes) y = call.op("ExpandDims", {y, call.int_scalar(axis)}, index_attr("Tdim"));
  call.out(y);
}

void concat(TfCall& call) {
  std::vector<Ref> inputs;
  for (size_t i = 0; i < call.inputs(); ++i) inputs.push_back(call.in(i));
  if (inputs.size() == 1) return call.out(call.op("Identity", {inputs[0]}));
  const auto count = static_cast<int64_t>(inputs.size());
  inputs.push_back(call.int_scalar(front(call.attrs.integer("axis"), call.shape().rank())));
  call.out(call.op("ConcatV2", std::move(inputs), {{"N", count}, {"Tidx", type_of(DType::int32)}}));
}

// indices 0 0 1 1 2 2 ... along the axis.
void repeat(TfCall& call) {
  const int64_t axis = front(call.attrs.integer("axis"), call.shape().rank());
  const int64_t times = call.attrs.integer("repeats");
  const Ref count = call.size_of(call.in(0), axis, call.dtype());
  const Ref total = call.int_op("Mul", count, call.int_scalar(times));
  const Ref all = call.plain("Range", {call.int_scalar(0), total, call.int_scalar(1)}, index_attr("Tidx"));
  const Ref indices = call.int_op("FloorDiv", all, call.int_scalar(std::max<int64_t>(times, 1)));
  call.out(call.gather(call.in(0), call.dtype(), indices, DType::int32, axis));
}

void gather(TfCall& call) {
  const int64_t axis = front(call.attrs.integer("axis", 0), call.shape().rank());
  Ref indices = call.in(1);
  DType type = call.dtype(1);
  if (type != DType::int32 && type != DType::int64) {
    indices = call.cast(indices, type, DType::int64);
    type = DType::int64;
  }
  call.out(call.gather(call.in(0), call.dtype(), indices, type, axis, call.attrs.integer("batch_dims", 0)));
}

void one_hot(TfCall& call) {
  const DType type = call.out_dtype();
  const int rank = call.out_shape().rank();
  const int64_t axis = front(call.attrs.integer("axis", -1), rank);
  call.out(call.typed(
      "OneHot", type,
      {call.in(0), call.int_scalar(call.attrs.integer("depth")),
       call.scalar(call.attrs.number("on", 1), type), call.scalar(call.attrs.number("off", 0), type)},
      {{"TI", type_of(call.dtype())}, {"axis", axis == rank - 1 ? int64_t{-1} : axis}}));
}

void lower(TfCall& call) {
  const std::string_view op = call.node.op->name;
  const int rank = call.shape().rank();
  if (op == "reshape") return reshape(call);
  if (op == "broadcast_to") return broadcast_to(call);
  if (op == "slice_axis") return slice(call);
  if (op == "strided_slice") return strided_slice(call);
  if (op == "pad") return pad(call);
  if (op == "expand_dims") return expand_dims(call);
  if (op == "concat") return concat(call);
  if (op == "repeat") return repeat(call);
  if (op == "gather") return gather(call);
  if (op == "one_hot") return one_hot(call);
  if (op == "squeeze") {
    Ints axes = call.attrs.ints("axes");
    for (int64_t& axis : axes) axis = front(axis, rank);
    return call.out(call.op("Squeeze", {call.in(0)}, {{"squeeze_dims", axes}}));
  }
  if (op == "transpose") {
    Ints permutation = call.attrs.ints("permutation");
    for (int64_t& axis : permutation) axis = front(axis, rank);
    return call.out(call.transpose(call.in(0), permutation, call.dtype()));
  }
  if (op == "tile") {
    return call.out(
        call.op("Tile", {call.in(0), call.ints(call.attrs.ints("multiples"))}, index_attr("Tmultiples")));
  }
  if (op == "reverse") {
    return call.out(
        call.op("ReverseV2", {call.in(0), call.ints(axes_from_front(call.attrs, rank))}, index_attr("Tidx")));
  }
  call.out(call.op("Shape", {call.in(0)}, {{"out_type", type_of(call.out_dtype())}}));
}

}  // namespace

CORNU_TF_LOWERING(shape) = {
    .ops = {"reshape", "broadcast_to", "slice_axis", "strided_slice", "pad", "expand_dims", "concat",
            "repeat", "gather", "one_hot", "squeeze", "transpose", "tile", "reverse", "shape"},
    .lower = lower};

}  // namespace cornu::exporting
