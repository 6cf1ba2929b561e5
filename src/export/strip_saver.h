// The nodes of a SavedModel's graph that restore its variables, for graphs of fewer variables.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "export/strip_graph.h"
#include "export/tensorflow_saver.h"

namespace cornu::exporting {

// SaverDef.
struct SaverNames {
  std::string filename;  // tensor
  std::string save;      // tensor
  std::string restore;   // node
};

// A variable of the main graph, and the tensor of the checkpoint that it gets.
struct SavedVariable {
  std::string_view node;
  std::string_view key;
  std::string_view type;  // AttrValue
  bool is_resource = true;
};

// The variable that a node of the main graph names: handles share it by their attribute shared_name.
std::string_view variable_name(const GraphView& graph, std::string_view node);

// What the saver restores; nothing if it does more than that: slices of variables, contents of tables.
std::optional<std::vector<SavedVariable>> saved_variables(const GraphView& graph, const SaverNames& saver);

// A saver of these variables alone, with names that the graph does not have yet; the node of the file's name stays.
TfSaver smaller_saver(const GraphView& graph, const std::vector<SavedVariable>& variables,
                      const SaverNames& saver);

}  // namespace cornu::exporting
