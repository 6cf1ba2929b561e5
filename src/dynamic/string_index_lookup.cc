// string_index_lookup: the position of each string among the keys, -1 where it is not among them.
// Inputs  x  (...) strings;  keys  (n) strings; of equal keys the first counts      Output  y  the shape of x, int64
// Errors  bad_shape: other types, keys of another rank
// Source  TensorFlow's LookupTableFindV2 over a table from keys to their positions
#include <unordered_map>

#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

void infer(ir::InferContext& c) {
  if (c.in[0].dtype != DType::string || c.in[1].dtype != DType::string || c.in[1].shape.rank() != 1) {
    fail(ErrorCode::bad_shape, "",
         "string_index_lookup takes strings and a row of keys, received {} and {} {}",
         dtype_name(c.in[0].dtype), dtype_name(c.in[1].dtype), c.in[1].shape.to_string());
  }
  c.result(DType::int64, c.in[0].shape);
}

std::vector<Tensor> compute(Call& call) {
  std::unordered_map<std::string_view, int64_t> table;
  const auto keys = strings_of(call.in[1]);
  for (size_t i = 0; i < keys.size(); ++i) table.emplace(keys[i], static_cast<int64_t>(i));
  std::vector<int64_t> found;
  for (const std::string& x : strings_of(call.in[0])) {
    const auto at = table.find(x);
    found.push_back(at == table.end() ? -1 : at->second);
  }
  return {tensor_of_ints(found, call.in[0].shape)};
}

}  // namespace

CORNU_DYNAMIC_OP(string_index_lookup) = {
    .name = "string_index_lookup", .min_inputs = 2, .max_inputs = 2, .infer = infer};
CORNU_DYNAMIC_RUN(string_index_lookup) = {.op = &op_string_index_lookup, .compute = compute};

}  // namespace cornu::dynamic
