// What the pooling layers share.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

// Pooling by the op `max_pool` or `avg_pool` over `spatial` axes.
std::vector<Value> lower_pool(LayerCall& call, int spatial, const char* op);

// Reduction of all spatial axes by the op `reduce_max` or `reduce_mean`.
std::vector<Value> lower_global_pool(LayerCall& call, int spatial, const char* op);

// GlobalAveragePooling1D: a mean over the steps that the mask keeps; a row without any is NaN, as in Keras.
std::vector<Value> lower_masked_mean(LayerCall& call);

// Adaptive pooling to output_size along the axes after the batch; x is channels last with known sizes. Throws bad_shape.
Value adaptive_pool(LayerCall& call, Value x, const Ints& output_size, const char* op);
std::vector<Value> lower_adaptive_pool(LayerCall& call, int spatial, const char* op);

}  // namespace cornu::layers
