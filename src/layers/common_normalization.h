// What the normalisation layers share: axes, precision, and gamma and beta.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

// The axes that the config names (an integer or a list), counted from the front, sorted. Throws bad_config
// for an axis that x does not have or that is named twice.
std::vector<int> config_axes(const LayerCall& call, const Shape& x, Keys keys, Ints fallback);

// From now on the call's weights come in at least float32. Normalisations compute so under float16 and
// bfloat16 too. Returns input 0 in that type.
Value widen(LayerCall& call);

// A vector of sizes of `axes` shaped so that it broadcasts against x.
Value along(GraphBuilder& g, Value vector, const std::vector<int>& axes, const Shape& x);

}  // namespace cornu::layers
