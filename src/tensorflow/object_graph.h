// ObjectGraph: the objects that a TensorFlow 2 model was made of: which variable is where, and what its functions hold.
// Source  tensorflow/core/protobuf/{saved_object_graph,trackable_object_graph}.proto, 2.21
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tensorflow/graph_def.h"

namespace cornu::tensorflow {

struct SavedObject {
  enum class Kind { other, user, function, variable };
  Kind kind = Kind::other;
  std::vector<std::pair<std::string, size_t>> children;  // attribute -> number of the object
  std::string identifier;                                // of a user object: "_tf_keras_layer"
  std::vector<std::string> functions;                    // of a function object: its concrete functions
  std::string name;                                      // of a variable
  bool trainable = false;
};

struct ObjectGraph {
  std::vector<SavedObject> objects;  // the first is the root
  // Concrete function -> the objects that its last arguments are.
  std::map<std::string, std::vector<size_t>, std::less<>> captures;

  // The object that an attribute of another names; none: objects.size().
  size_t child(size_t object, std::string_view attribute) const;
  // The object of a path such as "root.layer-1.keras_api"; none: objects.size().
  size_t find(std::string_view path) const;
};

// bytes: a SavedObjectGraph. Throws bad_file.
ObjectGraph decode_object_graph(Bytes bytes, const std::string& where);

// An object as a checkpoint knows it.
struct Trackable {
  std::vector<std::pair<std::string, size_t>> children;  // attribute -> number of the object
  std::string key;                                       // of a variable: the name of its value
};

// bytes: a TrackableObjectGraph. The first is the root. Throws bad_file.
std::vector<Trackable> decode_trackables(Bytes bytes, const std::string& where);

// Per object the name of its value in the checkpoint, empty where it has none: both graphs are walked side by side from their
// roots. trackable: a TrackableObjectGraph, what the checkpoint says of itself. Throws bad_file.
std::vector<std::string> checkpoint_keys(const ObjectGraph& graph, Bytes trackable, const std::string& where);

}  // namespace cornu::tensorflow
