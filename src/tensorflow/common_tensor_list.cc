#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "tensorflow/list.h"

namespace cornu::tensorflow {
namespace {

Tensor zeros(DType dtype, const Shape& shape) {
  if (dtype == DType::string)
    return string_tensor(std::vector<std::string>(static_cast<size_t>(shape.elements())), shape);
  if (dtype == kVariant) fail(ErrorCode::bad_shape, "", "a list of lists is read where nothing was stored");
  return new_tensor(dtype, shape).tensor;
}

// The elements of all parts, one after the other, under a shape.
Tensor joined(DType dtype, const std::vector<Tensor>& parts, const Shape& shape) {
  if (dtype == DType::string) {
    std::vector<std::string> values;
    for (const Tensor& part : parts) {
      const auto strings = strings_of(part);
      values.insert(values.end(), strings.begin(), strings.end());
    }
    return string_tensor(std::move(values), shape);
  }
  if (dtype == kVariant) {
    std::vector<VariantPtr> values;
    for (const Tensor& part : parts) {
      const auto variants = variants_of(part);
      values.insert(values.end(), variants.begin(), variants.end());
    }
    return variant_tensor(std::move(values), shape);
  }
  NewTensor out = new_tensor(dtype, shape);
  std::byte* at = out.data;
  for (const Tensor& part : parts) {
    const auto bytes = static_cast<size_t>(part.size_bytes());
    if (bytes > 0) std::memcpy(at, part.data, bytes);
    at += bytes;
  }
  return out.tensor;
}

// The elements with zeros in place of those that were never set; all of one type, and of the shapes that `fits` takes.
std::vector<Tensor> filled(const TensorList& list, MaybeShape shape) {
  for (const Tensor& item : list.items) {
    if (item.valid() && !(shape && shape->is_known())) shape = item.shape;
  }
  std::vector<Tensor> items = list.items;
  for (Tensor& item : items) {
    if (item.valid()) continue;
    if (!shape || !shape->is_known())
      fail(ErrorCode::bad_shape, "", "an element of a list was never set, and nothing tells its shape");
    item = zeros(list.dtype, *shape);
  }
  for (const Tensor& item : items) {
    if (item.dtype != list.dtype)
      fail(ErrorCode::bad_shape, "", "a list of {} holds {}", dtype_name(list.dtype), dtype_name(item.dtype));
  }
  return items;
}

}  // namespace

const TensorList& list_of(const Tensor& tensor) {
  const auto* list = tensor.dtype == kVariant && tensor.shape.elements() == 1
                         ? dynamic_cast<const TensorList*>(variants_of(tensor)[0].get())
                         : nullptr;
  if (list == nullptr)
    fail(ErrorCode::bad_shape, "", "the op takes a list, received {} {}", dtype_name(tensor.dtype),
         tensor.shape.to_string());
  return *list;
}

std::shared_ptr<TensorList> take_list(Tensor& tensor) {
  const TensorList& list = list_of(tensor);
  VariantPtr held = variants_of(tensor)[0];
  tensor = {};
  // Lists are made by list_tensor from objects that are not const.
  if (held.use_count() == 1)
    return std::const_pointer_cast<TensorList>(std::static_pointer_cast<const TensorList>(held));
  return std::make_shared<TensorList>(list);
}

Tensor list_tensor(std::shared_ptr<TensorList> list) {
  return variant_tensor({std::move(list)});
}

size_t list_index(const Tensor& index, size_t size) {
  const int64_t at = to_ints(index).at(0);
  if (at < 0 || at >= static_cast<int64_t>(size))
    fail(ErrorCode::bad_shape, "", "element {} of a list of {} is asked for", at, size);
  return static_cast<size_t>(at);
}

Tensor stack(const TensorList& list, const MaybeShape& shape) {
  const std::vector<Tensor> items = filled(list, merged_shape(shape, list.element_shape));
  Shape out{static_cast<int64_t>(items.size())};
  Shape element;
  if (!items.empty()) {
    element = items[0].shape;
  } else if (const MaybeShape known = merged_shape(shape, list.element_shape)) {
    for (int64_t size : *known) element.push_back(std::max<int64_t>(size, 0));
  }
  for (int64_t size : element) out.push_back(size);
  for (const Tensor& item : items) {
    if (!(item.shape == element)) {
      fail(ErrorCode::bad_shape, "", "elements of shapes {} and {} cannot be stacked", element.to_string(),
           item.shape.to_string());
    }
  }
  return joined(list.dtype, items, out);
}

std::vector<Tensor> concat(const TensorList& list, const MaybeShape& shape) {
  const std::vector<Tensor> items = filled(list, merged_shape(shape, list.element_shape));
  std::vector<int64_t> lengths;
  int64_t total = 0;
  for (const Tensor& item : items) {
    if (item.shape.rank() == 0 ||
        item.shape.elements(1, item.shape.rank()) != items[0].shape.elements(1, items[0].shape.rank())) {
      fail(ErrorCode::bad_shape, "", "elements of shapes {} and {} cannot be joined",
           items[0].shape.to_string(), item.shape.to_string());
    }
    lengths.push_back(item.shape[0]);
    total += item.shape[0];
  }
  Shape out{0};
  if (!items.empty()) out = items[0].shape.with(0, total);
  return {joined(list.dtype, items, out), tensor_of_ints(lengths, {static_cast<int64_t>(lengths.size())})};
}

std::vector<Tensor> unstack(const Tensor& tensor, const std::vector<int64_t>* lengths) {
  if (tensor.shape.rank() == 0) fail(ErrorCode::bad_shape, "", "a scalar cannot be divided into elements");
  Shape row;
  for (int axis = 1; axis < tensor.shape.rank(); ++axis) row.push_back(tensor.shape[axis]);
  const int64_t row_bytes = row.elements() * dtype_size(tensor.dtype);
  std::vector<Tensor> items;
  int64_t at = 0;
  const int64_t count = lengths == nullptr ? tensor.shape[0] : static_cast<int64_t>(lengths->size());
  for (int64_t i = 0; i < count; ++i) {
    const int64_t rows = lengths == nullptr ? 1 : (*lengths)[static_cast<size_t>(i)];
    if (rows < 0 || rows > tensor.shape[0] - at)
      fail(ErrorCode::bad_shape, "", "{} rows from row {} on are not in {}", rows, at,
           tensor.shape.to_string());
    Tensor item = tensor;
    item.shape = lengths == nullptr ? row : tensor.shape.with(0, rows);
    item.data = tensor.data + at * row_bytes;
    items.push_back(std::move(item));
    at += rows;
  }
  if (at != tensor.shape[0])
    fail(ErrorCode::bad_shape, "", "the lengths of the elements make {} rows, {} are there", at,
         tensor.shape[0]);
  return items;
}

MaybeShape shape_of_sizes(const Tensor& sizes) {
  const std::vector<int64_t> values = to_ints(sizes);
  if (sizes.shape.rank() == 0) return std::nullopt;
  Shape shape;
  for (int64_t size : values) shape.push_back(size < 0 ? Shape::kUnknown : size);
  return shape;
}

MaybeShape merged_shape(const MaybeShape& a, const MaybeShape& b) {
  if (!a) return b;
  if (!b || b->rank() != a->rank()) return a;
  Shape out = *a;
  for (int axis = 0; axis < out.rank(); ++axis) {
    if (out[axis] == Shape::kUnknown) out[axis] = (*b)[axis];
  }
  return out;
}

}  // namespace cornu::tensorflow
