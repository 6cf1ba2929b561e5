// Configs of any Keras generation, rewritten so that today's Keras reads them and computes the same.
// Rules: docs/design/writing.md; facts about old files: docs/formats/hdf5.md
#pragma once

#include <string>
#include <vector>

#include "export/json_tree.h"
#include "layers/layer.h"
#include "layers/model_config.h"

namespace cornu::exporting {

// A serialized model ({"class_name": ..., "config": ...}) as Keras 3 writes it into config.json: classes with modules, calls
// as {"args", "kwargs"}, only arguments that today's constructors take. Weights keep their order; where a Keras 2 hard_sigmoid
// is meant, scaled_weight() has to be applied to them.
//   root  the layer tree of the same config, for shapes of tensors; null: shapes are left open
// Throws unsupported, naming the layer and what Keras 3 lacks.
Tree todays_config(const Json& serialized, const layers::Dialect& dialect, const layers::LayerInstance* root);

// The same for one layer without calls.
Tree todays_layer(const Json& serialized, const layers::Dialect& dialect);
// {"module": ..., "class_name": ..., "config": ..., "registered_name": null}
Tree serialized_object(std::string module, std::string class_name, Tree config);
// A name that Keras 3 accepts: no slashes.
std::string todays_name(std::string name);

// The config as Keras 3 puts it into an HDF5 file: layers without modules, input layers with batch_input_shape, calls as lists
// where such can express them. `todays` is what todays_config() gives.
Tree hdf5_config(const Tree& todays);

// A weight of `owner` as it is to be stored with the rewritten config. Keras 2's hard_sigmoid, clip(0.2 x + 0.5, 0, 1), is
// today's relu6(x + 3) / 6 at 1.2 x, so what feeds it is multiplied by 1.2. Other weights are returned as they are.
//   slot  index in owner.weights
// Throws unsupported where no scaling of weights can do it.
Tensor scaled_weight(const layers::LayerInstance& owner, size_t slot, const layers::Dialect& dialect,
                     Tensor weight);

}  // namespace cornu::exporting
