// TensorArray ops of TensorFlow 1: lists behind a handle, ordered by a "flow" that every op takes and gives. Here the flow
// carries the list itself, as a value, and the handle carries nothing: what an op reads is what the ops before it in the flow
// have written, which is all that TensorFlow promises.
// Source  tensorflow/core/kernels/tensor_array_ops.cc, 2.21
#include "base/fail.h"
#include "tensorflow/compute.h"
#include "tensorflow/list.h"

namespace cornu::tensorflow {
namespace {

using Inputs = std::vector<Tensor>&;
using Outputs = std::vector<Tensor>;

constexpr int64_t kMostElements = int64_t{1} << 28;

Outputs make(const NodeDef& node, Inputs in) {
  const int64_t size = to_ints(in[0]).at(0);
  if (size < 0 || size > kMostElements)
    fail(ErrorCode::bad_shape, "", "an array of {} elements is asked for", size);
  auto list = std::make_shared<TensorList>();
  list->dtype = node.dtype("dtype");
  list->element_shape = node.shape("element_shape");
  list->items.resize(static_cast<size_t>(size));
  return {scalar(0, DType::int32), list_tensor(std::move(list))};
}

void put(TensorList& list, int64_t index, Tensor value) {
  if (index < 0 || index >= kMostElements)
    fail(ErrorCode::bad_shape, "", "element {} of an array is set", index);
  if (index >= static_cast<int64_t>(list.items.size())) list.items.resize(static_cast<size_t>(index) + 1);
  list.items[static_cast<size_t>(index)] = std::move(value);
}

Outputs write(const NodeDef&, Inputs in) {
  auto list = take_list(in[3]);
  put(*list, to_ints(in[1]).at(0), std::move(in[2]));
  return {list_tensor(std::move(list))};
}

Outputs read(const NodeDef&, Inputs in) {
  const TensorList& list = list_of(in[2]);
  const size_t index = list_index(in[1], list.items.size());
  if (list.items[index].valid()) return {list.items[index]};
  TensorList one;
  one.dtype = list.dtype;
  one.items.resize(1);
  return {unstack(stack(one, list.element_shape))[0]};
}

Outputs gather(const NodeDef& node, Inputs in) {
  const TensorList& list = list_of(in[2]);
  TensorList picked;
  picked.dtype = list.dtype;
  for (int64_t index : to_ints(in[1]))
    picked.items.push_back(list.items[list_index(tensor_of_ints({&index, 1}, {}), list.items.size())]);
  return {stack(picked, merged_shape(node.shape("element_shape"), list.element_shape))};
}

Outputs scatter(const NodeDef&, Inputs in) {
  auto list = take_list(in[3]);
  std::vector<Tensor> rows = unstack(in[2]);
  const std::vector<int64_t> at = to_ints(in[1]);
  if (at.size() != rows.size())
    fail(ErrorCode::bad_shape, "", "{} values are stored at {} places", rows.size(), at.size());
  for (size_t i = 0; i < at.size(); ++i) put(*list, at[i], std::move(rows[i]));
  return {list_tensor(std::move(list))};
}

Outputs concat_array(const NodeDef&, Inputs in) {
  return concat(list_of(in[1]), {});
}

Outputs split(const NodeDef&, Inputs in) {
  auto list = take_list(in[3]);
  const std::vector<int64_t> lengths = to_ints(in[2]);
  list->items = unstack(in[1], &lengths);
  return {list_tensor(std::move(list))};
}

Outputs size(const NodeDef&, Inputs in) {
  return {scalar(static_cast<double>(list_of(in[1]).items.size()), DType::int32)};
}

constexpr ComputeRow kRows[] = {{"TensorArrayV3", 1, make, "", false},
                                {"TensorArrayV2", 1, make, "", false},
                                {"TensorArrayWriteV3", 4, write, "", false},
                                {"TensorArrayWriteV2", 4, write, "", false},
                                {"TensorArrayReadV3", 3, read, "", false},
                                {"TensorArrayReadV2", 3, read, "", false},
                                {"TensorArrayGatherV3", 3, gather, "", false},
                                {"TensorArrayGatherV2", 3, gather, "", false},
                                {"TensorArrayScatterV3", 4, scatter, "", false},
                                {"TensorArrayScatterV2", 4, scatter, "", false},
                                {"TensorArrayConcatV3", 2, concat_array, "", false},
                                {"TensorArrayConcatV2", 2, concat_array, "", false},
                                {"TensorArraySplitV3", 4, split, "", false},
                                {"TensorArraySplitV2", 4, split, "", false},
                                {"TensorArraySizeV3", 2, size, "", false},
                                {"TensorArraySizeV2", 2, size, "", false}};

Outputs compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

constexpr auto kNames = names_of(kRows);

size_t output_offset(const NodeDef&, std::string_view output) {
  return output == "flow" || output == "lengths" ? 1 : 0;
}

}  // namespace

CORNU_TF_OP(tensor_array) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
