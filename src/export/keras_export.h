// A Keras model as a file that today's Keras reads.
#pragma once

#include <span>
#include <string>

#include "formats/model_file.h"
#include "import/keras_model.h"

namespace cornu::exporting {

// The version that files made here state, and that their configs and weights follow.
constexpr const char* kKerasVersion = "3.15.1";

// Keras 3's variables of a model whose config is today's: "layers/dense/vars/0" and so on, in the order of the layer tree.
std::vector<formats::NamedTensor> keras_variables(const import::KerasModel& model);
// The same for HDF5: per layer, trainable weights first.
std::vector<formats::LayerWeights> keras_layers(const import::KerasModel& model);

enum class KerasLayout { keras, hdf5 };

// What write_keras_zip or write_hdf5 takes, for a model as it was read from a file or made of a config.
//   config  the Keras JSON that the model was made of; kept as it is where it is today's already
// The tensors are those of `model`, except where Keras 3 needs other numbers for the same function.
// Throws unsupported, naming the layer and what Keras 3 lacks; bad_config.
formats::ModelFile keras_file(const import::KerasModel& model, const std::string& config, KerasLayout layout);

// Puts what compile() was told, Keras's JSON text, into the config of a .keras file. Throws bad_config.
void set_compiled(formats::ModelFile& file, const std::string& compiled);

}  // namespace cornu::exporting
