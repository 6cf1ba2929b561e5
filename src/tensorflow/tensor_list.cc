// TensorList ops: lists that are values. They are run on concrete tensors.
// Source  tensorflow/core/kernels/list_kernels.cc, 2.21
#include "tensorflow/list.h"

#include <algorithm>

#include "base/fail.h"
#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

using Inputs = std::vector<Tensor>&;
using Outputs = std::vector<Tensor>;

constexpr int64_t kMostElements = int64_t{1} << 28;  // of a list: an element without content takes 100 bytes

std::shared_ptr<TensorList> new_list(const NodeDef& node, const MaybeShape& shape, int64_t size) {
  if (size < 0 || size > kMostElements)
    fail(ErrorCode::bad_shape, "", "a list of {} elements, 0 to {} are accepted", size, kMostElements);
  auto list = std::make_shared<TensorList>();
  list->dtype = node.dtype("element_dtype");
  list->element_shape = shape;
  list->items.resize(static_cast<size_t>(size));
  return list;
}

int64_t number(const Tensor& tensor) {
  return to_ints(tensor).at(0);
}

Outputs make(const NodeDef& node, Inputs in) {
  const bool empty = node.op == "EmptyTensorList";
  return {list_tensor(new_list(node, shape_of_sizes(in[0]), empty ? 0 : number(in[1])))};
}

Outputs from_tensor(const NodeDef& node, Inputs in) {
  auto list = new_list(node, shape_of_sizes(in[1]), 0);
  list->items = unstack(in[0]);
  return {list_tensor(std::move(list))};
}

Outputs get_item(const NodeDef&, Inputs in) {
  const TensorList& list = list_of(in[0]);
  const Tensor& item = list.items[list_index(in[1], list.items.size())];
  if (item.valid()) return {item};
  TensorList one;
  one.dtype = list.dtype;
  one.items.resize(1);
  Tensor zeros = stack(one, merged_shape(shape_of_sizes(in[2]), list.element_shape));
  return {unstack(zeros)[0]};
}

Outputs set_item(const NodeDef& node, Inputs in) {
  auto list = take_list(in[0]);
  const int64_t index = number(in[1]);
  if (node.flag("resize_if_index_out_of_bounds") && index >= static_cast<int64_t>(list->items.size()) &&
      index < kMostElements)
    list->items.resize(static_cast<size_t>(index) + 1);
  list->items[list_index(in[1], list->items.size())] = std::move(in[2]);
  return {list_tensor(std::move(list))};
}

Outputs push_back(const NodeDef&, Inputs in) {
  auto list = take_list(in[0]);
  list->items.push_back(std::move(in[1]));
  return {list_tensor(std::move(list))};
}

Outputs pop_back(const NodeDef&, Inputs in) {
  auto list = take_list(in[0]);
  if (list->items.empty()) fail(ErrorCode::bad_shape, "", "an empty list has no last element");
  Tensor last = std::move(list->items.back());
  list->items.pop_back();
  return {list_tensor(std::move(list)), std::move(last)};
}

Outputs stack_list(const NodeDef& node, Inputs in) {
  const TensorList& list = list_of(in[0]);
  const int64_t wanted = node.integer("num_elements", -1);
  if (wanted >= 0 && wanted != static_cast<int64_t>(list.items.size()))
    fail(ErrorCode::bad_shape, "", "the list has {} elements, {} are needed", list.items.size(), wanted);
  return {stack(list, shape_of_sizes(in[1]))};
}

Outputs length(const NodeDef&, Inputs in) {
  return {scalar(static_cast<double>(list_of(in[0]).items.size()), DType::int32)};
}

Outputs concat_list(const NodeDef& node, Inputs in) {
  MaybeShape shape = in.size() > 1 ? shape_of_sizes(in[1]) : node.shape("element_shape");
  return concat(list_of(in[0]), shape);
}

Outputs gather(const NodeDef&, Inputs in) {
  const TensorList& list = list_of(in[0]);
  TensorList picked;
  picked.dtype = list.dtype;
  picked.element_shape = list.element_shape;
  for (int64_t index : to_ints(in[1]))
    picked.items.push_back(list.items[list_index(tensor_of_ints({&index, 1}, {}), list.items.size())]);
  return {stack(picked, shape_of_sizes(in[2]))};
}

void scatter_into(TensorList& list, const Tensor& values, const Tensor& indices) {
  const std::vector<Tensor> rows = unstack(values);
  const std::vector<int64_t> at = to_ints(indices);
  if (at.size() != rows.size())
    fail(ErrorCode::bad_shape, "", "{} values are stored at {} places", rows.size(), at.size());
  for (size_t i = 0; i < at.size(); ++i) {
    if (at[i] < 0 || at[i] >= kMostElements)
      fail(ErrorCode::bad_shape, "", "element {} of a list is set", at[i]);
    if (at[i] >= static_cast<int64_t>(list.items.size())) list.items.resize(static_cast<size_t>(at[i]) + 1);
    list.items[static_cast<size_t>(at[i])] = rows[i];
  }
}

Outputs scatter(const NodeDef& node, Inputs in) {
  auto list = new_list(node, shape_of_sizes(in[2]), in.size() > 3 ? std::max<int64_t>(number(in[3]), 0) : 0);
  scatter_into(*list, in[0], in[1]);
  return {list_tensor(std::move(list))};
}

Outputs scatter_existing(const NodeDef&, Inputs in) {
  auto list = take_list(in[0]);
  scatter_into(*list, in[1], in[2]);
  return {list_tensor(std::move(list))};
}

Outputs split(const NodeDef& node, Inputs in) {
  auto list = new_list(node, shape_of_sizes(in[1]), 0);
  const std::vector<int64_t> lengths = to_ints(in[2]);
  list->items = unstack(in[0], &lengths);
  return {list_tensor(std::move(list))};
}

Outputs resize(const NodeDef&, Inputs in) {
  const int64_t size = number(in[1]);
  if (size < 0 || size > kMostElements)
    fail(ErrorCode::bad_shape, "", "a list of {} elements is asked for", size);
  auto list = take_list(in[0]);
  list->items.resize(static_cast<size_t>(size));
  return {list_tensor(std::move(list))};
}

Outputs element_shape(const NodeDef& node, Inputs in) {
  const MaybeShape& shape = list_of(in[0]).element_shape;
  const DType dtype = node.dtype("shape_type", DType::int32);
  if (!shape) return {scalar(-1, dtype)};
  return {tensor_of_ints(shape->dims(), {shape->rank()}, dtype)};
}

Outputs concat_lists(const NodeDef&, Inputs in) {
  auto list = take_list(in[0]);
  const TensorList& other = list_of(in[1]);
  list->items.insert(list->items.end(), other.items.begin(), other.items.end());
  return {list_tensor(std::move(list))};
}

constexpr ComputeRow kRows[] = {{"EmptyTensorList", 2, make, "", false},
                                {"TensorListReserve", 2, make, "", false},
                                {"TensorListFromTensor", 2, from_tensor, "", false},
                                {"TensorListGetItem", 3, get_item, "", false},
                                {"TensorListSetItem", 3, set_item, "", false},
                                {"TensorListPushBack", 2, push_back, "", false},
                                {"TensorListPopBack", 2, pop_back, "", false},
                                {"TensorListStack", 2, stack_list, "", false},
                                {"TensorListLength", 1, length, "", false},
                                {"TensorListConcat", 1, concat_list, "", false},
                                {"TensorListConcatV2", 3, concat_list, "", false},
                                {"TensorListGather", 3, gather, "", false},
                                {"TensorListScatter", 3, scatter, "", false},
                                {"TensorListScatterV2", 4, scatter, "", false},
                                {"TensorListScatterIntoExistingList", 3, scatter_existing, "", false},
                                {"TensorListSplit", 3, split, "", false},
                                {"TensorListResize", 2, resize, "", false},
                                {"TensorListElementShape", 1, element_shape, "", false},
                                {"TensorListConcatLists", 2, concat_lists, "", false}};

Outputs compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

constexpr auto kNames = names_of(kRows);

// TensorListPopBack gives output_handle, tensor; TensorListConcat tensor, lengths. The first of each is output 0.
size_t output_offset(const NodeDef& node, std::string_view output) {
  return (node.op == "TensorListPopBack" && output == "tensor") || output == "lengths" ? 1 : 0;
}

}  // namespace

CORNU_TF_OP(tensor_list) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
