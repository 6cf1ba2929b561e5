// Shape, ShapeN, Size, Rank -> shape, and constants where the sizes are known.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  const DType dtype = call.def.dtype("out_type", DType::int32);
  if (call.def.op == "Rank") return {call.g.scalar(call.rank(0), DType::int32)};
  std::vector<Value> shapes;
  for (Value x : call.in) {
    const Shape& shape = call.g.shape(x);
    shapes.push_back(shape.is_known() ? call.g.constant(tensor_of_ints(shape.dims(), {shape.rank()}, dtype))
                                      : call.g.op("shape", {x}, {{"dtype", dtype}}));
  }
  if (call.def.op != "Size") return shapes;
  return {call.g.op("reduce_prod", {shapes[0]}, {{"axes", Ints{0}}})};
}

constexpr std::string_view kNames[] = {"Shape", "ShapeN", "Size", "Rank"};

}  // namespace

CORNU_TF_OP(shape) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
