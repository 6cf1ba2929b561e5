// One layer's config, rewritten. Renamed arguments: keras/legacy/interfaces.py, 2.0; keras/src/layers, 3.15.1
#include <algorithm>
#include <array>

#include "base/fail.h"
#include "export/keras3_arguments.h"
#include "export/keras_config.h"

namespace cornu::exporting {
namespace {

using layers::Dialect;

struct Rename {
  std::string_view old_name;
  std::string_view new_name;
};
// A rename counts only where today's class takes the new name and not the old one.
constexpr Rename kRenames[] = {{"nb_filter", "filters"},
                               {"output_dim", "units"},
                               {"filter_length", "kernel_size"},
                               {"subsample", "strides"},
                               {"subsample_length", "strides"},
                               {"stride", "strides"},
                               {"pool_length", "pool_size"},
                               {"border_mode", "padding"},
                               {"dim_ordering", "data_format"},
                               {"bias", "use_bias"},
                               {"inner_activation", "recurrent_activation"},
                               {"p", "rate"},
                               {"sigma", "stddev"},
                               {"length", "size"},
                               {"atrous_rate", "dilation_rate"},
                               {"alpha", "negative_slope"},
                               {"theta", "threshold"},
                               {"dropout_W", "dropout"},
                               {"dropout_U", "recurrent_dropout"},
                               {"concat_axis", "axis"},
                               {"dot_axes", "axes"}};
constexpr std::array kEveryLayer =
    std::to_array<std::string_view>({"name", "trainable", "dtype", "activity_regularizer"});
// Arguments that hold serialized objects of a module.
constexpr Rename kObjects[] = {{"_initializer", "keras.initializers"},
                               {"_regularizer", "keras.regularizers"},
                               {"_constraint", "keras.constraints"}};

std::string layer_name(const Json& serialized) {
  const Json name =
      serialized["config"]["name"].is_string() ? serialized["config"]["name"] : serialized["name"];
  return name.is_string() ? std::string(name.string()) : std::string(serialized["class_name"].string());
}

std::string_view plain_class(const Json& serialized) {
  std::string_view name = serialized["class_name"].string();
  if (const size_t mark = name.rfind('>'); mark != name.npos) name.remove_prefix(mark + 1);
  return name;
}

// A serialized initializer, regularizer or constraint with only what today's class takes; null for one that is gone, which
// matters to training from scratch only.
Tree todays_object(const Json& object, std::string_view module) {
  if (!object.is_object()) return to_tree(object);
  if (!object["class_name"].is_string()) return nullptr;
  const std::string name(plain_class(object));
  const KerasClass* known = find_keras_class(module, name);
  if (known == nullptr) return nullptr;
  Tree config = Tree::object();
  for (const auto& [key, value] : object["config"].members()) {
    if (known->takes(key)) config[std::string(key)] = to_tree(value);
  }
  return serialized_object(std::string(module), name, std::move(config));
}

// "float32", "mixed_float16", or a policy that has no such name.
Tree todays_dtype(const Json& dtype) {
  if (!dtype.is_object()) return to_tree(dtype);
  const Json name = dtype["config"]["name"];
  const Json cls = dtype["class_name"];
  const bool plain = cls.is_string() && (cls.string() == "DTypePolicy" || cls.string().ends_with("Policy"));
  const bool quantized = cls.is_string() && cls.string().starts_with("Quantized");
  return plain && !quantized && name.is_string() ? Tree(std::string(name.string())) : to_tree(dtype);
}

// An activation: a name, or a layer that serves as one.
Tree todays_activation(const Json& activation, const Dialect& dialect) {
  if (!activation.is_object() || !activation["class_name"].is_string()) return to_tree(activation);
  if (activation["config"].is_string()) {  // {"class_name": "function", "config": "relu"}
    std::string_view name = activation["config"].string();
    if (const size_t mark = name.rfind('>'); mark != name.npos) name.remove_prefix(mark + 1);
    return std::string(name);
  }
  return todays_layer(activation, dialect);
}

class Rewriter {
 public:
  Rewriter(const Json& serialized, const Dialect& dialect)
      : serialized_(serialized),
        config_(serialized["config"]),
        dialect_(dialect),
        old_name_(plain_class(serialized)) {}

  Tree run() {
    if (is_today() && find_keras_class("keras.layers", old_name_) == nullptr)
      return to_tree(serialized_);  // an operation
    class_name_ = today_class();
    known_ = find_keras_class("keras.layers", class_name_);
    if (known_ == nullptr) refuse();
    for (const auto& [key, value] : config_.members()) add(std::string(key), value);
    out_["name"] = todays_name(layer_name(serialized_));
    if (dialect_.keras_major < 3) add_old_defaults();
    if (class_name_ == "InputLayer") return input_layer();
    Tree layer = serialized_object("keras.layers", class_name_, std::move(out_));
    if (dialect_.keras_major < 3 && class_name_ == "Activation" &&
        layer["config"]["activation"] == "hard_sigmoid")
      return old_hard_sigmoid();
    if (old_name_ == "TimeDistributedDense") return distributed(std::move(layer));
    return layer;
  }

 private:
  bool is_today() const { return dialect_.keras_major >= 3 && serialized_["module"].is_string(); }

  [[noreturn]] void refuse() const {
    fail(ErrorCode::unsupported, layer_name(serialized_),
         "Keras 3 has no layer {}, so a file that it reads cannot hold this one", old_name_);
  }

  std::string today_class() const {
    if (old_name_ == "Merge") return merge_class();
    if (old_name_ == "Lambda") {
      fail(ErrorCode::unsupported, layer_name(serialized_),
           "a Lambda layer holds Python code, which Cornu does not write; put a layer of Keras in its place");
    }
    if (old_name_ == "ThresholdedReLU") return "ReLU";
    const layers::LayerDef* def = layers::find_layer(old_name_);
    return std::string(def == nullptr ? old_name_ : def->keras_names[0]);
  }

  std::string merge_class() const {
    constexpr Rename kModes[] = {{"sum", "Add"},     {"mul", "Multiply"}, {"concat", "Concatenate"},
                                 {"ave", "Average"}, {"max", "Maximum"},  {"min", "Minimum"},
                                 {"dot", "Dot"},     {"cos", "Dot"}};
    const Json mode = config_["mode"];
    if (config_["layers"].size() > 0) refuse();  // whole branches inside a Sequential model
    for (const auto& [name, cls] : kModes) {
      if (mode.is_string() ? mode.string() == name : !mode.exists() && name == "sum") return std::string(cls);
    }
    refuse();
  }

  std::string todays_key(const std::string& key) const {
    if (known_->takes(key)) return key;
    for (const auto& [old_key, new_key] : kRenames) {
      if (key == old_key && known_->takes(new_key) && !config_[new_key].exists()) return std::string(new_key);
    }
    const bool of_every = std::find(kEveryLayer.begin(), kEveryLayer.end(), key) != kEveryLayer.end();
    if (of_every && known_->takes_of_every_layer(key)) return key;
    return {};
  }

  void add(const std::string& old_key, const Json& value) {
    const std::string key = todays_key(old_key);
    if (key.empty()) return;
    for (const auto& [ending, module] : kObjects) {
      if (!key.ends_with(ending)) continue;
      // Keras 1 had other classes and arguments; weights are loaded anyway.
      Tree object = dialect_.keras_major == 1 ? Tree() : todays_object(value, module);
      if (!object.is_null()) out_[key] = std::move(object);
      return;
    }
    if (key == "dtype") {
      out_[key] = todays_dtype(value);
    } else if (key == "activation" || key == "recurrent_activation") {
      out_[key] = todays_activation(value, dialect_);
    } else if ((key == "layer" || key == "backward_layer" || key == "cell") && value.is_object()) {
      out_[key] = todays_layer(value, dialect_);
    } else if (key == "cells") {
      out_[key] = Tree::array();
      for (const Json& cell : value.elements()) out_[key].push_back(todays_layer(cell, dialect_));
    } else if (!(key == "data_format" && value.is_string() && value.string() == "default")) {
      out_[key] = todays_value(key, value);
    }
  }

  Tree todays_value(const std::string& key, const Json& value) const {
    if (key == "data_format" && value.is_string() && value.string() == "th") return "channels_first";
    if (key == "data_format" && value.is_string() && value.string() == "tf") return "channels_last";
    if (key == "axis" && value.is_array() && value.size() == 1) return to_tree(value.at(0));
    // tf.keras wrote NumPy scalars as {"type": "ndarray", "value": 0.1}.
    if (value.is_object() && value["type"].is_string() && value["value"].exists())
      return to_tree(value["value"]);
    return to_tree(value);
  }

  // What absent arguments meant, or what the old class fixed.
  void add_old_defaults() {
    if (old_name_.starts_with("CuDNN")) {
      out_["activation"] = "tanh";
      if (class_name_ != "SimpleRNN") out_["recurrent_activation"] = "sigmoid";
      if (class_name_ == "GRU") out_["reset_after"] = true;
    }
    const bool gated = known_->takes("recurrent_activation");
    if (gated && !out_.contains("recurrent_activation")) out_["recurrent_activation"] = "hard_sigmoid";
    if (known_->takes("reset_after") && !out_.contains("reset_after")) out_["reset_after"] = false;
    if (old_name_ == "Merge" && config_["mode"].is_string() && config_["mode"].string() == "cos")
      out_["normalize"] = true;
    if (known_->takes("kernel_size") && !out_.contains("kernel_size")) {  // Keras 1
      for (const char* key : {"kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col"}) {
        if (config_[key].is_integer()) out_["kernel_size"].push_back(config_[key].integer());
      }
    }
  }

  Tree input_layer() {
    const Json shape =
        config_["batch_shape"].is_array() ? config_["batch_shape"] : config_["batch_input_shape"];
    const Json dtype = config_["input_dtype"].is_string() ? config_["input_dtype"] : config_["dtype"];
    Tree config = {{"batch_shape", to_tree(shape)}};
    config["dtype"] = dtype.exists() ? todays_dtype(dtype) : Tree("float32");
    for (const char* key : {"sparse", "ragged", "optional"}) {
      if (config_[key].is_bool()) config[key] = config_[key].boolean();
    }
    config["name"] = out_["name"];
    return serialized_object("keras.layers", "InputLayer", std::move(config));
  }

  // clip(0.2 x + 0.5, 0, 1) without weights: two layers in the place of one.
  Tree old_hard_sigmoid() const {
    const std::string name = todays_name(layer_name(serialized_));
    Tree steps = Tree::array();
    steps.push_back(serialized_object("keras.layers", "Rescaling",
                                      {{"name", name + "_rescaling"}, {"scale", 0.2}, {"offset", 0.5}}));
    steps.push_back(
        serialized_object("keras.layers", "ReLU", {{"name", name + "_clip"}, {"max_value", 1.0}}));
    return serialized_object("keras", "Sequential",
                             {{"name", name}, {"trainable", true}, {"layers", std::move(steps)}});
  }

  Tree distributed(Tree dense) const {
    const std::string name = dense["config"]["name"];
    dense["config"]["name"] = name + "_dense";
    return serialized_object("keras.layers", "TimeDistributed",
                             {{"name", name}, {"layer", std::move(dense)}});
  }

  const Json& serialized_;
  const Json config_;
  const Dialect& dialect_;
  std::string old_name_;
  std::string class_name_;
  const KerasClass* known_ = nullptr;
  Tree out_ = Tree::object();
};

}  // namespace

Tree serialized_object(std::string module, std::string class_name, Tree config) {
  return {{"module", std::move(module)},
          {"class_name", std::move(class_name)},
          {"config", std::move(config)},
          {"registered_name", nullptr}};
}

std::string todays_name(std::string name) {
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

Tree todays_layer(const Json& serialized, const Dialect& dialect) {
  const std::string_view name = plain_class(serialized);
  if (name == "Sequential" || layers::is_functional(name)) return todays_config(serialized, dialect, nullptr);
  return Rewriter(serialized, dialect).run();
}

}  // namespace cornu::exporting
