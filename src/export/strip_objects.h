// The object graph of a TensorFlow 2 SavedModel with only what its signatures, the functions of its root and its Keras layers
// need; likewise the checkpoint's own object graph and Keras's metadata, which number the same objects.
// Source  tensorflow/core/protobuf/{saved_object_graph,trackable_object_graph}.proto, 2.21; tf_keras/protobuf/saved_metadata.proto
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "export/strip.h"

namespace cornu::exporting {

struct ObjectSources {
  std::string_view objects;         // SavedObjectGraph
  std::string_view checkpoint;      // TrackableObjectGraph
  std::string_view keras_metadata;  // SavedMetadata; may be empty
  std::string where;
};

struct StrippedObjects {
  std::string objects;
  std::string checkpoint;
  std::string keras_metadata;
  std::vector<std::string_view> functions;  // concrete functions that are kept
  std::vector<std::string> operations;      // nodes of the main graph that hold constants of kept objects
  std::set<std::string_view> keys;          // of the checkpoint
  std::set<int64_t> assets;                 // indices into the meta graph's asset files
};

// Views of the result point into the sources. Throws bad_file.
StrippedObjects strip_objects(const ObjectSources& sources, const StripOptions& options, StripTally& tally);

}  // namespace cornu::exporting
