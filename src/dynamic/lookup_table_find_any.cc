// lookup_table_find_any: lookup_table_find where not even the rank of the result is known before the run.
// Inputs  a LookupTable, keys, fallback     Output  see lookup_table_find
#include "dynamic/lookup_table.h"

namespace cornu::dynamic {
namespace {

std::vector<Tensor> compute(Call& call) {
  return {object_of<LookupTable>(call.in[0]).find(call.in[1], call.in[2])};
}

}  // namespace

CORNU_DYNAMIC_OP(lookup_table_find_any) = {
    .name = "lookup_table_find_any", .min_inputs = 3, .max_inputs = 3, .infer = infer_declared};
CORNU_DYNAMIC_RUN(lookup_table_find_any) = {.op = &op_lookup_table_find_any, .compute = compute};

}  // namespace cornu::dynamic
