#include <numeric>

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {

Shape TfCall::out_shape_for(const Shape& x) const {
  std::vector<TensorType> types;
  std::vector<const Tensor*> constants;
  for (const ir::Value value : node.inputs) {
    types.push_back(graph_.type(value));
    constants.push_back(graph_.constant(value));
  }
  types[0].shape = x;
  return ir::infer_types(node, types, constants)[0].shape;
}

Ref TfCall::typed(std::string_view name, DType type, std::vector<Ref> inputs, TfAttrs more) {
  more.insert(more.begin(), {"T", type_of(type)});
  return function_.add(name, std::move(inputs), std::move(more), node.layer);
}

Ref TfCall::plain(std::string_view name, std::vector<Ref> inputs, TfAttrs attributes) {
  return function_.add(name, std::move(inputs), std::move(attributes), node.layer);
}

Ref TfCall::ints(const Ints& values) {
  return constant(tensor_of_ints(values, {static_cast<int64_t>(values.size())}, DType::int32));
}

Ref TfCall::int_scalar(int64_t value) {
  return constant(tensor_of_ints(Ints{value}, {}, DType::int32));
}

Ref TfCall::shape_of(const std::vector<Dim>& dims) {
  Ints known;
  for (const Dim& dim : dims) {
    if (dim.of.empty()) known.push_back(dim.size);
  }
  if (known.size() == dims.size()) return ints(known);
  std::vector<Ref> parts;
  for (const Dim& dim : dims) {
    if (dim.of.empty()) {
      parts.push_back(int_scalar(dim.size));
      continue;
    }
    Ref size = size_of(dim.of, dim.axis, dtype());
    if (dim.factor != 1) size = int_op("Mul", size, int_scalar(dim.factor));
    if (dim.offset != 0) size = int_op("AddV2", size, int_scalar(dim.offset));
    parts.push_back(size);
  }
  return pack(std::move(parts));
}

Ref TfCall::pack(std::vector<Ref> scalars) {
  const auto count = static_cast<int64_t>(scalars.size());
  return typed("Pack", DType::int32, std::move(scalars), {{"N", count}, {"axis", int64_t{0}}});
}

Ref TfCall::shape_at_run(const Ref& x, DType type) {
  return typed("Shape", type, {x}, {{"out_type", type_of(DType::int32)}});
}

Ref TfCall::size_of(const Ref& x, int64_t axis, DType type) {
  return typed("StridedSlice", DType::int32,
               {shape_at_run(x, type), ints({axis}), ints({axis + 1}), ints({1})},
               {{"Index", type_of(DType::int32)}, {"shrink_axis_mask", int64_t{1}}});
}

Ref TfCall::reshape_like(const Ref& y, DType type, const Ref& x, DType x_type) {
  return typed("Reshape", type, {y, shape_at_run(x, x_type)}, {{"Tshape", type_of(DType::int32)}});
}

Ref TfCall::cast(const Ref& x, DType from, DType to) {
  return from == to ? x : plain("Cast", {x}, {{"SrcT", type_of(from)}, {"DstT", type_of(to)}});
}

Ref TfCall::gather(const Ref& x, DType type, const Ref& indices, DType index_type, int64_t axis,
                   int64_t batch_dims) {
  return plain("GatherV2", {x, indices, int_scalar(axis)},
               {{"Tparams", type_of(type)},
                {"Tindices", type_of(index_type)},
                {"Taxis", type_of(DType::int32)},
                {"batch_dims", batch_dims}});
}

Ref TfCall::reshape(const Ref& x, const std::vector<Dim>& dims, DType type) {
  return typed("Reshape", type, {x, shape_of(dims)}, {{"Tshape", type_of(DType::int32)}});
}

Ref TfCall::transpose(const Ref& x, const Ints& permutation, DType type) {
  return typed("Transpose", type, {x, ints(permutation)}, {{"Tperm", type_of(DType::int32)}});
}

TfFunction& TfCall::new_function(const std::string& wanted) {
  library_.emplace_back("__inference_" + wanted + "_" + std::to_string(library_.size()));
  return library_.back();
}

Ints axes_from_front(const Attrs& attrs, int rank) {
  Ints axes;
  if (!attrs.has("axes")) {
    axes.resize(static_cast<size_t>(rank));
    std::iota(axes.begin(), axes.end(), 0);
    return axes;
  }
  for (const int64_t axis : attrs.ints("axes")) axes.push_back(axis < 0 ? axis + rank : axis);
  return axes;
}

}  // namespace cornu::exporting
