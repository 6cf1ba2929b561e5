// Weights of a TensorFlow checkpoint: which variable is which weight.
#pragma once

#include "import/weight_binder.h"

namespace cornu::import {

// Checkpoints of objects (tf.train.Checkpoint, save_weights of tf.keras): the graph of objects in the file is walked beside the
// layers, from the object that looks like a model of layers. Checkpoints of names (TensorFlow 1): by layer and weight names.
// Throws bad_file if a weight of the layers has no variable, or the file has layers, or a layer variables, that the model has not.
// Optimizers, seeds and other objects beside the model are left alone.
// Source  tf_keras/src/engine/{functional,sequential}.py (_trackable_children), tensorflow/python/checkpoint, 2.21
void bind_checkpoint(WeightBinder& binder, const formats::ModelFile& file, const std::string& path,
                     layers::LayerInstance& root);

}  // namespace cornu::import
