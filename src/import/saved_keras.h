// The Keras model inside of a SavedModel that Keras 2 wrote.
#pragma once

#include <optional>
#include <string>

#include "formats/model_file.h"

namespace cornu::import {

// The model that a graph was made of, as a legacy Keras file holds it: the config from keras_metadata.pb (or, before TensorFlow
// 2.5, the object graph), and the layers' variables where they lie. Nothing if the objects tell of no Keras model of layers.
// Whether the config can be built, and the weights fit it, import_keras() finds out. Throws bad_file, bad_config.
std::optional<formats::ModelFile> keras_part(const formats::ModelFile& file, const std::string& path);

}  // namespace cornu::import
