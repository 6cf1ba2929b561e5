// Source: tensorflow/python/training/saver.py, 2.21
#include "export/tensorflow_saver.h"

namespace cornu::exporting {

TfSaver make_saver(const std::string& prefix, const std::string& filename,
                   std::span<const SaverVariable> variables) {
  const TfAttr text{TfType{7}};  // DT_STRING
  const std::string names = prefix + "names";
  const std::string slices = prefix + "slices";
  const std::string restore = prefix + "restore";
  TfSaver saver;
  std::vector<std::string> keys;
  std::vector<std::string> saved{filename, names, slices};
  std::vector<std::string> restored;
  TfTypes types;
  for (const SaverVariable& variable : variables) {
    const std::string i = std::to_string(keys.size());
    const std::string assign = prefix + "assign_" + i;
    const std::string value = keys.empty() ? restore : restore + ":" + i;
    if (variable.is_resource) {
      const std::string read = prefix + "read_" + i;
      saver.nodes.push_back({read, "ReadVariableOp", {variable.node}, {{"dtype", variable.type}}});
      saver.nodes.push_back({assign, "AssignVariableOp", {variable.node, value}, {{"dtype", variable.type}}});
      saved.push_back(read);
    } else {
      saver.nodes.push_back({assign, "Assign", {variable.node, value}, {{"T", variable.type}}});
      saved.push_back(variable.node);
    }
    restored.push_back("^" + assign);
    types.numbers.push_back(variable.type.number);
    keys.push_back(variable.key);
  }
  std::vector<std::string> written{filename};
  if (!keys.empty()) {
    const auto count = static_cast<int64_t>(keys.size());
    const Tensor no_slices = string_tensor(std::vector<std::string>(keys.size()), {count});
    const Tensor all_keys = string_tensor(std::move(keys), {count});
    saver.nodes.push_back({names, "Const", {}, {{"dtype", text}, {"value", all_keys}}});
    saver.nodes.push_back({slices, "Const", {}, {{"dtype", text}, {"value", no_slices}}});
    saver.nodes.push_back({restore, "RestoreV2", {filename, names, slices}, {{"dtypes", types}}});
    saver.nodes.push_back({prefix + "save", "SaveV2", saved, {{"dtypes", types}}});
    written.push_back("^" + prefix + "save");
  }
  saver.restore = prefix + "restored";
  saver.nodes.push_back({saver.restore, "NoOp", restored, {}});
  saver.nodes.push_back({prefix + "written", "Identity", written, {{"T", text}}});
  saver.save = prefix + "written:0";
  return saver;
}

}  // namespace cornu::exporting
