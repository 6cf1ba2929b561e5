#include <numeric>

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {

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
    const Ref sizes = typed("Shape", dtype(), {dim.of}, {{"out_type", type_of(DType::int32)}});
    parts.push_back(typed("StridedSlice", DType::int32,
                          {sizes, ints({dim.axis}), ints({dim.axis + 1}), ints({1})},
                          {{"Index", type_of(DType::int32)}, {"shrink_axis_mask", int64_t{1}}}));
  }
  const auto count = static_cast<int64_t>(parts.size());
  return typed("Pack", DType::int32, std::move(parts), {{"N", count}, {"axis", int64_t{0}}});
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
