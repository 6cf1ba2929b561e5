// What the constructors of today's Keras take: a config with any other key is refused by Keras.
#pragma once

#include <string_view>

namespace cornu::exporting {

// A class of keras.layers, keras.initializers, keras.regularizers or keras.constraints.
struct KerasClass {
  std::string_view module;  // "keras.layers"
  std::string_view name;    // "Dense"
  std::string_view
      arguments;  // separated by spaces, without those of every layer (name, trainable, dtype, ...)

  bool takes(std::string_view argument) const;
  // Whether it takes an argument of every layer (trainable, dtype, ...).
  bool takes_of_every_layer(std::string_view argument) const { return !takes("!") || takes(argument); }
};

// Null if today's Keras has no such class.
const KerasClass* find_keras_class(std::string_view module, std::string_view name);

}  // namespace cornu::exporting
