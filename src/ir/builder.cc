#include "ir/builder.h"

#include <numeric>

#include "base/fail.h"

namespace cornu::ir {

std::vector<Value> GraphBuilder::multi_op(std::string_view name, std::vector<Value> inputs, Attrs attrs) {
  const OpDef* def = find_op(name);
  if (def == nullptr) fail(ErrorCode::internal, graph_.layer(), "there is no op named '{}'", name);
  return graph_.add_node(*def, std::move(inputs), std::move(attrs));
}

Value GraphBuilder::op(std::string_view name, std::vector<Value> inputs, Attrs attrs) {
  return multi_op(name, std::move(inputs), std::move(attrs)).front();
}

Value GraphBuilder::op(std::string_view name, std::initializer_list<Value> inputs, Attrs attrs) {
  return op(name, std::vector<Value>(inputs), std::move(attrs));
}

Value GraphBuilder::cast(Value x, DType to) {
  return dtype(x) == to ? x : op("cast", {x}, {{"dtype", to}});
}

Value GraphBuilder::transpose(Value x, const Ints& permutation) {
  Ints identity(permutation.size());
  std::iota(identity.begin(), identity.end(), 0);
  return permutation == identity ? x : op("transpose", {x}, {{"permutation", permutation}});
}

Value GraphBuilder::reshape(Value x, const Ints& dims) {
  return op("reshape", {x}, {{"shape", dims}});
}

}  // namespace cornu::ir
