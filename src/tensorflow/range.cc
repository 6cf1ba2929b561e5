// Range: start, start + delta, ... below limit. Its length depends on its inputs, so these must be known.
#include <cmath>

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

constexpr int64_t kMostElements = int64_t{1} << 31;

int64_t checked_count(const NodeCall& call, double count) {
  if (!(count <= static_cast<double>(kMostElements)))
    call.fail(ErrorCode::bad_shape, "the range has {} elements", count);
  return count > 0 ? static_cast<int64_t>(count) : 0;
}

std::vector<Value> lower(NodeCall& call) {
  const DType dtype = call.dtype(0);
  if (dtype_is_integer(dtype)) {
    const int64_t start = call.integer(0);
    const int64_t limit = call.integer(1);
    const int64_t delta = call.integer(2);
    if (delta == 0) call.fail(ErrorCode::bad_shape, "delta is 0");
    const double distance = static_cast<double>(limit) - static_cast<double>(start);
    const int64_t count = checked_count(call, std::ceil(distance / static_cast<double>(delta)));
    std::vector<int64_t> values(static_cast<size_t>(count));
    for (size_t i = 0; i < values.size(); ++i) values[i] = start + static_cast<int64_t>(i) * delta;
    return {call.g.constant(tensor_of_ints(values, {count}, dtype))};
  }
  const double start = call.number(0);
  const double delta = call.number(2);
  if (delta == 0) call.fail(ErrorCode::bad_shape, "delta is 0");
  const int64_t count = checked_count(call, std::ceil((call.number(1) - start) / delta));
  NewTensor values = new_tensor(DType::float64, {count});
  for (int64_t i = 0; i < count; ++i) {
    // Computed in the type itself, as TensorFlow does.
    const double value = dtype == DType::float64
                             ? start + static_cast<double>(i) * delta
                             : static_cast<double>(static_cast<float>(start) +
                                                   static_cast<float>(i) * static_cast<float>(delta));
    reinterpret_cast<double*>(values.data)[i] = value;
  }
  return {call.g.constant(cast_tensor(values.tensor, dtype))};
}

constexpr std::string_view kNames[] = {"Range"};

}  // namespace

CORNU_TF_OP(range) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
