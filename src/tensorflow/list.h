// TensorList: the lists of tensors behind TensorFlow's TensorList and TensorArray ops.
#pragma once

#include <vector>

#include "ir/op_def.h"
#include "tensorflow/graph_def.h"

namespace cornu::tensorflow {

// An element that was never set is not valid().
struct TensorList final : VariantObject {
  DType dtype = DType::float32;
  MaybeShape element_shape;
  std::vector<Tensor> items;
};

// The list of a variant scalar, which is given up: if nobody else holds the list it is the same one, else a copy, which
// shares the elements. Throws bad_shape if the tensor holds no list.
std::shared_ptr<TensorList> take_list(Tensor& tensor);
const TensorList& list_of(const Tensor& tensor);
Tensor list_tensor(std::shared_ptr<TensorList> list);

// An index that must lie in [0, size). Throws bad_shape.
size_t list_index(const Tensor& index, size_t size);

// The elements one after the other along a new first axis. Elements that were never set are zeros of `shape`, which all
// others must have. Throws bad_shape.
Tensor stack(const TensorList& list, const MaybeShape& shape);
// The elements joined along their first axis, and how long each is (int64).
std::vector<Tensor> concat(const TensorList& list, const MaybeShape& shape);
// Rows of a tensor, as views. `lengths`: how many of them each element takes, with its first axis; null: each one row.
std::vector<Tensor> unstack(const Tensor& tensor, const std::vector<int64_t>* lengths = nullptr);

// A shape as ops are given it at run time: int32 or int64 sizes, or a scalar -1 for an unknown rank.
MaybeShape shape_of_sizes(const Tensor& sizes);
// What both say; where they differ, the one that is known.
MaybeShape merged_shape(const MaybeShape& a, const MaybeShape& b);

}  // namespace cornu::tensorflow
