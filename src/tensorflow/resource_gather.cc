// ResourceGather, ResourceGatherNd: rows of a variable.
#include "tensorflow/importer.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

std::vector<Operand> import(ImportCall& call) {
  const Value rows = call.read(call.resource(0));
  const Value indices = call.value(1);
  if (call.def.op == "ResourceGather" && call.g.typed(rows) && call.g.typed(indices)) {
    const int64_t batch_dims = call.def.integer("batch_dims");
    const Value out =
        call.g.op("gather", {rows, indices}, {{"axis", batch_dims}, {"batch_dims", batch_dims}});
    return {{out, {}, false, {}}};
  }
  NodeDef node = call.def;
  node.op = node.op == "ResourceGather" ? "Gather" : "GatherNd";
  return {{add_late(call.g, node, find_tf_op(node.op), nullptr, {rows, indices}, 1)[0], {}, false, {}}};
}

constexpr std::string_view kNames[] = {"ResourceGather", "ResourceGatherNd"};

}  // namespace

CORNU_TF_OP(resource_gather) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
