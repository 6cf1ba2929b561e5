// A SavedModel, read once, from which each signature becomes a graph.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "import/tensorflow_model.h"
#include "tensorflow/saved_model.h"

namespace cornu::import {

struct SavedVariable {
  std::string name;  // as its object has it, else its key in the checkpoint
  bool trainable = true;
  Tensor value;
};

// Holds what its signatures share: the graph, the variables' values, tables, and the state of variables that change. Owned by a
// shared_ptr. Thread safe once made.
class SavedModel : public std::enable_shared_from_this<SavedModel> {
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
  // Those of the model's objects; of a TensorFlow 1 model, all of the checkpoint. Numbers only. Throws bad_file.
  std::vector<SavedVariable> variables() const;

 private:
  // Gives the variables that functions take the values that the object graph says. False if there is something else to restore.
  bool restore_captures();
  bool may_assign() const;
  void find_changing_variables();
  ir::Graph import_signature(const std::string& name, const tensorflow::Request& request);
  void set_up(const std::vector<std::string>& targets);

  std::string path_;
  tensorflow::MetaGraph meta_;
  tensorflow::GraphDef graph_;
  std::vector<formats::NamedTensor> variables_;
  std::vector<formats::SideFile> assets_;
  std::map<std::string, StoragePtr> opened_;
  tensorflow::Environment environment_;
  std::mutex mutex_;  // held while the graph is imported
};

}  // namespace cornu::import
