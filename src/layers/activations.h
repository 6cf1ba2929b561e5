// Activation functions with arguments, shared by layers, names in configs and operator layers. See
// common_activation.cc.
#pragma once

#include <optional>
#include <string_view>

#include "layers/layer.h"

namespace cornu::layers {

// min(x, max_value) above the threshold, slope * (x - threshold) below it. Source:
// keras/src/activations/activations.py
Value relu(GraphBuilder& g, Value x, double slope, std::optional<double> max_value, double threshold);
// Over one axis, or over several together. Axes count from the front.
Value softmax(GraphBuilder& g, Value x, const Ints& axes);
// The first half of an axis times the sigmoid of the second. Throws bad_shape unless the axis has a known,
// even size.
Value glu(GraphBuilder& g, Value x, int axis);
// x above `limit`, else `replacement`.
Value threshold(GraphBuilder& g, Value x, double limit, double replacement);
// hard_sigmoid as the version that wrote the file computes it.
Value hard_sigmoid(GraphBuilder& g, Value x, const Dialect& dialect);
// A function of keras.activations with its default arguments; an invalid Value for an unknown name.
Value activation_by_name(GraphBuilder& g, Value x, std::string_view name, const Dialect& dialect);

}  // namespace cornu::layers
