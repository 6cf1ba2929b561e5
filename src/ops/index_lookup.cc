// index_lookup: the position of each x among the keys, -1 where it is not among them.
// Inputs  x  (...) int64;  keys  (n) of the same type; of equal keys the first counts
// Output  y  the shape of x, int64
// Errors  bad_shape: other types, keys of another rank
// Source  TensorFlow's LookupTableFindV2 over a table from keys to their positions
#include <unordered_map>

#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  if (c.in[0].dtype != DType::int64 || c.in[1].dtype != DType::int64 || c.in[1].shape.rank() != 1) {
    fail(ErrorCode::bad_shape, "", "index_lookup takes int64 and a row of keys, received {} and {} {}",
         dtype_name(c.in[0].dtype), dtype_name(c.in[1].dtype), c.in[1].shape.to_string());
  }
  c.result(DType::int64, c.in[0].shape);
}

using IntegerTable = std::unordered_map<int64_t, int64_t>;

IntegerTable integer_table(const std::byte* keys, int64_t count) {
  IntegerTable table;
  for (int64_t i = 0; i < count; ++i) table.emplace(load_at<int64_t>(keys, i), i);
  return table;
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const int64_t count = site.out[0].shape.elements();
  const int64_t size = site.in[1].shape[0];
  const std::byte* constant = site.constants[1];
  const auto prepared =
      constant == nullptr ? nullptr : std::make_shared<const IntegerTable>(integer_table(constant, size));
  return {[=](const KernelCall& call) {
            const IntegerTable own = prepared == nullptr ? integer_table(call.in[1], size) : IntegerTable{};
            const IntegerTable& table = prepared == nullptr ? own : *prepared;
            int64_t* y = out_as<int64_t>(call);
            for (int64_t i = 0; i < count; ++i) {
              const auto found = table.find(in_as<int64_t>(call)[i]);
              y[i] = found == table.end() ? -1 : found->second;
            }
          },
          0,
          {}};
}

}  // namespace

CORNU_OP(index_lookup) = {
    .name = "index_lookup", .min_inputs = 2, .max_inputs = 2, .infer = infer, .reference = reference};

}  // namespace cornu::ops
