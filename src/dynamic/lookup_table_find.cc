// lookup_table_find: the value of each key in a table.
// Inputs  a LookupTable, keys (strings or integers, as the table has), fallback (one value)
// Output  the shape of keys, the type of the table's values     Attrs  dtype  of the values
#include <cstring>

#include "dynamic/lookup_table.h"

namespace cornu::dynamic {

LookupTable::LookupTable(Tensor keys, Tensor values) : keys_(std::move(keys)), values_(std::move(values)) {
  const int64_t count = keys_.shape.elements();
  if (keys_.shape.rank() != 1 || values_.shape.rank() < 1 || values_.shape[0] != count) {
    fail(ErrorCode::bad_shape, "", "a table of keys {} and values {}", keys_.shape.to_string(),
         values_.shape.to_string());
  }
  if (keys_.dtype == DType::string) {
    const auto texts = strings_of(keys_);
    strings_.reserve(texts.size());
    for (size_t i = 0; i < texts.size(); ++i) strings_.insert_or_assign(texts[i], static_cast<int64_t>(i));
  } else if (dtype_is_integer(keys_.dtype)) {
    const std::vector<int64_t> numbers = to_ints(keys_);
    numbers_.reserve(numbers.size());
    for (size_t i = 0; i < numbers.size(); ++i)
      numbers_.insert_or_assign(numbers[i], static_cast<int64_t>(i));
  } else {
    fail(ErrorCode::bad_shape, "", "a table has {} keys, strings and integers are accepted",
         dtype_name(keys_.dtype));
  }
}

int64_t LookupTable::row(std::string_view key) const {
  const auto found = strings_.find(key);
  return found == strings_.end() ? -1 : found->second;
}

int64_t LookupTable::row(int64_t key) const {
  const auto found = numbers_.find(key);
  return found == numbers_.end() ? -1 : found->second;
}

namespace {

template <class Copy>
void for_each_row(const LookupTable& table, const Tensor& keys, Copy&& copy) {
  if (keys.dtype == DType::string) {
    const auto texts = strings_of(keys);
    for (size_t i = 0; i < texts.size(); ++i) copy(i, table.row(texts[i]));
  } else {
    const std::vector<int64_t> numbers = to_ints(keys);
    for (size_t i = 0; i < numbers.size(); ++i) copy(i, table.row(numbers[i]));
  }
}

}  // namespace

Tensor LookupTable::find(const Tensor& keys, const Tensor& fallback) const {
  if (keys.dtype != keys_.dtype && !(dtype_is_integer(keys.dtype) && dtype_is_integer(keys_.dtype))) {
    fail(ErrorCode::bad_shape, "", "a table with {} keys is asked for {}", dtype_name(keys_.dtype),
         dtype_name(keys.dtype));
  }
  Shape shape = keys.shape;
  int64_t per_row = 1;
  for (int axis = 1; axis < values_.shape.rank(); ++axis) {
    shape.push_back(values_.shape[axis]);
    per_row *= values_.shape[axis];
  }
  if (fallback.dtype != values_.dtype || fallback.shape.elements() != per_row) {
    fail(ErrorCode::bad_shape, "", "the default of a table of {} is {} {}", dtype_name(values_.dtype),
         dtype_name(fallback.dtype), fallback.shape.to_string());
  }
  if (values_.dtype == DType::string) {
    std::vector<std::string> out(static_cast<size_t>(shape.elements()));
    for_each_row(*this, keys, [&](size_t i, int64_t row) {
      out[i] = row < 0 ? strings_of(fallback)[0] : strings_of(values_)[static_cast<size_t>(row)];
    });
    return string_tensor(std::move(out), shape);
  }
  NewTensor out = new_tensor(values_.dtype, shape);
  const auto row_bytes = static_cast<size_t>(per_row * dtype_size(values_.dtype));
  for_each_row(*this, keys, [&](size_t i, int64_t row) {
    const std::byte* from = row < 0 ? fallback.data : values_.data + static_cast<size_t>(row) * row_bytes;
    std::memcpy(out.data + i * row_bytes, from, row_bytes);
  });
  return out.tensor;
}

namespace {

void infer(ir::InferContext& c) {
  c.result(c.attrs.dtype("dtype"), c.in[1].shape);
}

std::vector<Tensor> compute(Call& call) {
  return {object_of<LookupTable>(call.in[0]).find(call.in[1], call.in[2])};
}

}  // namespace

CORNU_DYNAMIC_OP(lookup_table_find) = {
    .name = "lookup_table_find", .min_inputs = 3, .max_inputs = 3, .infer = infer};
CORNU_DYNAMIC_RUN(lookup_table_find) = {.op = &op_lookup_table_find, .compute = compute};

}  // namespace cornu::dynamic
