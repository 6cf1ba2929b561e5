// The nodes of a main graph that save its variables to a checkpoint and restore them, which TF Serving and sessions run.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "export/tensorflow_graph.h"

namespace cornu::exporting {

struct SaverVariable {
  std::string node;  // its handle, or the variable itself where that is no resource
  std::string key;   // in the checkpoint
  TfType type;
  bool is_resource = true;
};

struct TfSaver {
  std::vector<TfNode> nodes;
  std::string save;     // tensor: the file's name, when all is saved
  std::string restore;  // node
};

//   prefix    of the names of nodes
//   filename  a node that gives the checkpoint's name
TfSaver make_saver(const std::string& prefix, const std::string& filename,
                   std::span<const SaverVariable> variables);

}  // namespace cornu::exporting
