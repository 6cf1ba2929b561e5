// Graph rewrites. Each file of this folder is one pass and defines one `const PassDef pass_<file>`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace cornu::passes {

struct PassDef {
  std::string_view name;         // bears the file's name; `disabled_passes` switches it off by this
  std::string_view description;  // one line
  int order = 0;                 // passes run by rising order
  bool required = false;         // cannot be switched off: others or the runtime rely on it
  void (*run)(ir::Graph& graph) =
      nullptr;  // leaves the graph equal in value, in execution order, verified in tests
};

// All passes by rising order.
std::vector<const PassDef*> all_passes();

// Runs them, also on the bodies of loops and branches. `disabled`: names to leave out, "all" for every pass that is not required. Throws bad_argument
// for an unknown name.
void run_passes(ir::Graph& graph, std::span<const std::string> disabled);

}  // namespace cornu::passes

// Opens the one definition of a pass file.
#define CORNU_PASS(unit)            \
  extern const PassDef pass_##unit; \
  const PassDef pass_##unit
