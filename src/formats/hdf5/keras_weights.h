// The weights and the model description that Keras keeps in an HDF5 file, in every layout since Keras 0.3.
// Source: docs/formats/hdf5.md
#pragma once

#include "formats/hdf5/file.h"
#include "formats/model_file.h"

namespace cornu::formats {

// Appends what the file holds to `out`:
//   config, training_config, keras_version, backend   from attributes; fields that the file lacks stay as
//   they are layers       legacy layouts: `layer_names` in /model_weights or in the root, or `nb_layers`
//   variables    Keras 3 layout: every dataset outside of /optimizer, below groups named `vars`; slashes in
//   names
// A file without weights (a model of weightless layers) adds nothing. Tensors view the file's bytes wherever
// they are contiguous and little-endian; others are copies read through the HDF5 library. Throws bad_file
// when structures contradict each other or the bytes, unsupported for links out of the file, virtual and
// external datasets, unknown filters and types; where = "file:/object".
void read_keras_weights(const hdf5::File& file, ModelFile& out);

}  // namespace cornu::formats
