// The two ways in which Keras arranges weights in groups.
// Source: docs/formats/hdf5.md, section "What Keras writes"
#pragma once

#include "formats/hdf5/group.h"
#include "formats/model_file.h"

namespace cornu::formats {

// Legacy: the group's attribute `layer_names` lists layer groups, whose attribute `weight_names` lists
// datasets below them; before Keras 1, `nb_layers` counts groups layer_0, ... of `nb_params` datasets
// param_0, ... Appends to out.layers. Returns false, and does nothing, if the group has neither attribute.
bool read_keras_layers(const hdf5::Group& weights, ModelFile& out);

// Keras 3: every dataset below the group except in /optimizer. Appends to out.variables.
void read_keras_variables(const hdf5::Group& root, ModelFile& out);

}  // namespace cornu::formats
