#include <algorithm>

#include "base/fail.h"
#include "dynamic/dynamic_op.h"
#include "passes/pass.h"

namespace cornu::passes {

#define ENTRY(unit) extern const PassDef pass_##unit;
#include "gen/pass_table.inc"
#undef ENTRY

std::vector<const PassDef*> all_passes() {
  std::vector<const PassDef*> passes = {
#define ENTRY(unit) &pass_##unit,
#include "gen/pass_table.inc"
#undef ENTRY
  };
  std::stable_sort(passes.begin(), passes.end(),
                   [](const auto* a, const auto* b) { return a->order < b->order; });
  return passes;
}

namespace {

// The bodies of loops and branches: constants that hold graphs.
void run_in_bodies(ir::Graph& graph, std::span<const std::string> disabled) {
  for (size_t i = 0; i < graph.values().size(); ++i) {
    const ir::ValueInfo& info = graph.values()[i];
    if (!info.is_constant || !info.constant.valid() || info.type.dtype != kVariant ||
        info.constant.shape.rank() != 0)
      continue;
    const auto* body = dynamic_cast<const dynamic::GraphObject*>(variants_of(info.constant)[0].get());
    if (body == nullptr) continue;
    ir::Graph changed = body->graph;
    run_passes(changed, disabled);
    const ir::Value value{static_cast<int32_t>(i)};
    graph.make_constant(value, variant_tensor({std::make_shared<dynamic::GraphObject>(std::move(changed))}));
  }
}

}  // namespace

void run_passes(ir::Graph& graph, std::span<const std::string> disabled) {
  const std::vector<const PassDef*> passes = all_passes();
  for (const std::string& name : disabled) {
    const bool known = name == "all" || std::any_of(passes.begin(), passes.end(),
                                                    [&](const PassDef* pass) { return pass->name == name; });
    if (!known) fail(ErrorCode::bad_argument, "disabled_passes", "there is no pass named '{}'", name);
  }
  for (const PassDef* pass : passes) {
    const bool off = std::any_of(disabled.begin(), disabled.end(), [&](const std::string& name) {
      return name == "all" || name == pass->name;
    });
    if (!off || pass->required) pass->run(graph);
  }
  run_in_bodies(graph, disabled);
}

}  // namespace cornu::passes
