// Keras 3's sharded weights: an index "NAME.weights.json" beside files "NAME_00000.weights.h5",
// "NAME_00001.weights.h5", ...
#pragma once

#include <string>

#include "formats/keras_zip/container.h"
#include "formats/model_file.h"

namespace cornu::formats {

// Appends the variables of all shards that the index `name` lists to `out`, shard after shard.
// Throws bad_config when the index is not JSON, bad_file when it is not such an index, names a file outside
// of its own folder or one that is not there, or when two shards hold the same variable; and as
// read_keras_weights does. Source: docs/formats/keras_zip.md; ShardedH5IOStore in
// keras/src/saving/saving_lib.py, 3.15.1
void read_sharded_weights(Container& container, const std::string& name, ModelFile& out);

}  // namespace cornu::formats
