// Fill, ZerosLike, OnesLike -> broadcast_to.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  if (call.def.op == "Fill") {
    const Ints sizes = call.ints(0);
    // broadcast_to keeps an axis whose size is given as 0; a reshape of nothing gives an empty tensor.
    for (int64_t size : sizes) {
      if (size == 0) {
        Tensor empty = call.value(1);
        empty.shape = Shape(sizes);
        return {call.g.constant(std::move(empty))};
      }
    }
    return {call.g.op("broadcast_to", {call.in[1]}, {{"shape", sizes}})};
  }
  const DType dtype = call.dtype(0);
  if (dtype == DType::string) {
    if (!call.shape(0).is_known()) throw NeedsValue{0};
    const auto count = static_cast<size_t>(call.shape(0).elements());
    return {call.g.constant(string_tensor(std::vector<std::string>(count), call.shape(0)))};
  }
  const Value value = call.g.scalar(call.def.op == "OnesLike" ? 1 : 0, dtype);
  if (!call.shape(0).is_known()) throw NeedsValue{0};
  const Shape& shape = call.shape(0);
  if (shape.elements() == 0) return {call.g.constant(new_tensor(dtype, shape).tensor)};
  return {call.g.op("broadcast_to", {value}, {{"shape", Ints(shape.begin(), shape.end())}})};
}

constexpr std::string_view kNames[] = {"Fill", "ZerosLike", "OnesLike"};

}  // namespace

CORNU_TF_OP(fill) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
