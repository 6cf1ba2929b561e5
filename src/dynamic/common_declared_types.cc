#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

constexpr int64_t kNoType = -2;

}  // namespace

// For each output its type and rank and then its sizes; kNoType for one of which nothing is known.
Ints types_attr(const std::vector<MaybeType>& types) {
  Ints numbers;
  for (const MaybeType& type : types) {
    if (!type || type->dtype == kUntyped) {
      numbers.push_back(kNoType);
      continue;
    }
    numbers.push_back(static_cast<int64_t>(type->dtype));
    numbers.push_back(type->shape.rank());
    numbers.insert(numbers.end(), type->shape.begin(), type->shape.end());
  }
  return numbers;
}

void infer_declared(ir::InferContext& c) {
  const Ints& numbers = c.attrs.ints("types");
  for (size_t i = 0; i < numbers.size();) {
    if (numbers[i] == kNoType) {
      c.out.push_back({kUntyped, {}});
      ++i;
      continue;
    }
    const auto rank = static_cast<size_t>(numbers[i + 1]);
    c.out.push_back({static_cast<DType>(numbers[i]), Shape(std::span(numbers).subspan(i + 2, rank))});
    i += 2 + rank;
  }
}

}  // namespace cornu::dynamic
