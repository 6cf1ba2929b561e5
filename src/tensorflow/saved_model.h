// SavedModel: the message of saved_model.pb, decoded as far as loading needs.
// Source  tensorflow/core/protobuf/{saved_model,meta_graph,saver,saved_object_graph}.proto, 2.21
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tensorflow/graph_def.h"

namespace cornu::tensorflow {

// An argument or result of a signature.
struct TensorInfo {
  std::string name;    // as callers use it
  std::string tensor;  // "serving_default_x:0"; empty for a sparse one
  DType dtype = DType::float32;
  MaybeShape shape;
  std::string sparse_indices, sparse_values, sparse_shape;  // tensors of a sparse one
};

struct Signature {
  std::string name;
  std::string method;              // "tensorflow/serving/predict"
  std::vector<TensorInfo> inputs;  // by name, sorted
  std::vector<TensorInfo> outputs;
  std::map<std::string, Tensor> defaults;  // of inputs that may be left out
};

struct MetaGraph {
  std::vector<std::string> tags;
  std::string tensorflow_version;
  std::string where;
  Bytes graph;                                // GraphDef
  std::vector<Signature> signatures;          // by name, without those that start with "__"
  std::string checkpoint_tensor;              // that takes the checkpoint's name
  std::vector<std::string> restore;           // nodes that restore the variables
  std::vector<std::string> initialize;        // nodes that initialise tables
  std::map<std::string, std::string> assets;  // tensor -> file name within assets/
  Bytes object_graph;                         // SavedObjectGraph; empty for TensorFlow 1
};

// All graphs of the file. Throws bad_file, unsupported (a schema that is not 1).
std::vector<MetaGraph> decode_saved_model(Bytes bytes, const std::shared_ptr<const void>& owner,
                                          const std::string& where);

// One of the objects that a TensorFlow 2 model was made of, as far as it tells about Keras.
struct KerasObject {
  size_t number = 0;       // of the object in the object graph
  std::string path;        // "root.layer-1"
  std::string identifier;  // "_tf_keras_layer"
  std::string metadata;    // JSON
};
// From the object graph (TensorFlow 2.0 to 2.4) or a keras_metadata.pb (2.5 and later); empty if it tells nothing.
std::vector<KerasObject> keras_objects(Bytes object_graph, Bytes keras_metadata, const std::string& where);

}  // namespace cornu::tensorflow
