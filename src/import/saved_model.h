// A SavedModel, read once, from which each signature becomes a graph.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "import/tensorflow_model.h"
#include "tensorflow/saved_model.h"

namespace cornu::import {

// Holds what its signatures share: the graph, the variables' values, tables, and the state of variables that change.
class SavedModel {
 public:
  // tags: of the graph to take; empty: "serve", or the only one. Variables are restored and tables filled here.
  // Throws bad_file, unsupported, bad_argument (no such tags; the message lists those that there are).
  SavedModel(const formats::ModelFile& file, const std::string& path, const std::vector<std::string>& tags);

  SavedModel(const SavedModel&) = delete;
  SavedModel& operator=(const SavedModel&) = delete;

  const tensorflow::MetaGraph& meta_graph() const { return meta_; }
  // name empty: serving_default, or the only one; "*": serving_default, or the first. Throws bad_argument, listing the
  // names.
  const tensorflow::Signature& signature(const std::string& name) const;
  // Inputs and outputs by name, sorted. Throws what tensorflow::import_graph throws.
  TensorflowModel import(const tensorflow::Signature& signature);

 private:
  void find_changing_variables();
  void set_up(const std::vector<std::string>& targets);

  std::string path_;
  tensorflow::MetaGraph meta_;
  tensorflow::GraphDef graph_;
  std::vector<formats::NamedTensor> variables_;
  std::vector<formats::SideFile> assets_;
  std::map<std::string, StoragePtr> opened_;
  tensorflow::Environment environment_;
};

}  // namespace cornu::import
