// The graph of one step of training or evaluation: a batch and the variables in, figures and the new variables out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "import/keras_model.h"
#include "train/optimizer.h"

namespace cornu::train {

// What compile() said. All lists go by output.
struct Compiled {
  std::vector<Json> losses;  // serialized; missing: none
  std::vector<double> loss_weights;
  Json optimizer;  // serialized; missing: evaluation only

  // Of JSON text {"losses": [...], "loss_weights": [...], "optimizer": {...}}. Throws bad_config.
  static Compiled parse(const std::string& text);
};

// The types of a batch.
struct StepTypes {
  bool training = true;
  bool predictions = false;  // the model's outputs are among the results
  std::vector<TensorType> x;
  std::vector<std::optional<TensorType>> y;       // by output
  std::vector<std::optional<TensorType>> weight;  // sample weights by output
  bool operator==(const StepTypes&) const = default;
};

// A weight of the model, as its importer lists them.
struct ModelVariable {
  std::string path;
  DType dtype = DType::float32;
  Shape shape;
  bool trainable = true;  // changed by the optimizer
  bool live = true;       // may change in a step: an input of the graph; others are constants
};
std::vector<ModelVariable> model_variables(import::KerasModel& model);

struct StepGraph {
  // Inputs: x, the seed, y where given, sample weights where given, the learning rate when training, then `in`.
  // Outputs: the loss, one loss per output (0 without one), the predictions if wanted, then `out`.
  ir::Graph graph;
  // Numbers of variables: those of the model, then those of the optimizer.
  std::vector<size_t> in, out;
  // Per `out`: the new value may not be written over the old one.
  std::vector<bool> apart;
};

// `constants`: the weights, for those that are not live. Throws what import_step, gradients() and losses throw.
StepGraph build_step(const std::string& config, const Compiled& compiled, const StepTypes& types,
                     std::span<const Tensor> constants, const CustomObjects* custom_objects);

// The optimizer for the model's trainable weights.
Optimizer make_optimizer(const Compiled& compiled, const std::vector<ModelVariable>& variables);

}  // namespace cornu::train
