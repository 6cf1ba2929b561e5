// A Keras model as a TensorFlow SavedModel.
#pragma once

#include <filesystem>

#include "import/keras_model.h"

namespace cornu::exporting {

// Writes a SavedModel folder that TensorFlow (tf.saved_model.load, TF Serving) loads: one signature, serving_default, whose
// inputs bear the names of the model's inputs and whose outputs are output_0, output_1, ...; free sizes stay free; every
// variable is stored once, in the order of the layers, at a multiple of 64 bytes.
//   folder  appears complete or not at all; one that holds a SavedModel is replaced, any other is refused
// Throws unsupported, listing every op that has no TensorFlow form; io, not_found.
void export_saved_model(const import::KerasModel& model, const std::filesystem::path& folder);

}  // namespace cornu::exporting
